"""Configuration of loggers and of infrastructure."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

PROPERTIES_TEXT = r"""log4j.rootLogger=INFO, A, B
log4j.appender.A=org.apache.log4j.ConsoleAppender
log4j.appender.A.layout=org.apache.log4j.PatternLayout
log4j.logger.com.acme=DEBUG
"""

XML_TEXT = r"""<?xml version="1.0" encoding="UTF-8"?>
<configuration scan="true">
  <property name="LOG_DIR" value="/var/log/app"/>
  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
    <file>${LOG_DIR}/app.log</file>
    <encoder>
      <pattern>%d %-5level %logger - %msg%n</pattern>
    </encoder>
  </appender>
  <logger name="com.acme.orders" level="DEBUG"/>
  <root level="INFO">
    <appender-ref ref="FILE"/>
    <appender-ref ref="CONSOLE"/>
  </root>
</configuration>
"""

HCL_TEXT = r"""terraform {
  required_version = ">= 1.5"
}
variable "region" {
  type    = string
  default = "eu-west-1"
}
locals {
  tags = { team = "yard", tier = "web" }
}
resource "aws_instance" "web" {
  ami           = "ami-123"
  instance_type = var.size
  subnet_id     = aws_subnet.front.id
  tags          = local.tags
  user_data = <<-EOF
    #!/bin/sh
    echo "hello {"
  EOF
  root_block_device {
    volume_size = 20
  }
}
resource "aws_subnet" "back" {
  cidr_block = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
output "ip" {
  value = aws_instance.web.public_ip
}
module "dns" {
  source = "./dns"
  names  = [
    "a",
    "b",
  ]
"""

FORMATS: tuple[Format, ...] = (
    Format(
        name="log4j.properties",
        kind=Kind.CONFIG,
        source="Log4j 1.2 manual",
        example=PROPERTIES_TEXT,
        rows={
            "setting/log4j.rootlogger": 1,
            "setting/log4j.appender.a": 2,
            "setting/log4j.appender.a.layout": 3,
            "setting/log4j.logger.com.acme": 4,
        },
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=1,
                says="log4j.rootLogger names the appender B, which the file does not define",
            ),
        ),
    ),
    Format(
        name="logback.xml",
        kind=Kind.CONFIG,
        source='Logback manual, "Configuration"',
        example=XML_TEXT,
        rows={
            "section/configuration": 2,
            "appender/file": 4,
            "logger/com.acme.orders": 10,
            "section/configuration.root": 11,
            "setting/configuration.scan": 2,
            "setting/configuration.log_dir": 3,
            "setting/configuration.appender file.name": 4,
            "setting/configuration.appender file.class": 4,
            "setting/configuration.appender file.file": 5,
            "setting/configuration.appender file.encoder.pattern": 7,
            "setting/configuration.logger com.acme.orders.name": 10,
            "setting/configuration.logger com.acme.orders.level": 10,
            "setting/configuration.root.level": 11,
            "setting/configuration.root.appender-ref.ref": 12,
        },
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=13,
                says="ref names CONSOLE, which the file does not define",
            ),
        ),
    ),
    Format(
        name="Terraform",
        kind=Kind.CONFIG,
        source='Terraform language, "Syntax"',
        example=HCL_TEXT,
        rows={
            "section/terraform": 1,
            "variable/region": 4,
            "section/locals": 8,
            "resource/aws_instance.web": 11,
            "resource/aws_subnet.back": 24,
            "output/ip": 28,
            "module/dns": 31,
            "local/tags": 9,
            "section/locals.tags": 9,
            "section/resource aws_instance web.root_block_device": 20,
        },
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=13,
                says="resource aws_instance web.instance_type names var.size, which this file does not define",
            ),
            Must(
                what="a name that nothing bears, again",
                kind="reference",
                line=14,
                says="resource aws_instance web.subnet_id names aws_subnet.front, which this file does not defin",
            ),
            Must(what="syntax", kind="setting", line=31, says="line 31: block module dns is not closed"),
        ),
    ),
)
