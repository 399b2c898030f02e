"""Source code."""

from __future__ import annotations

import ast
from pathlib import Path

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

ROOT = Path(__file__).parents[5]


def own_source() -> str:
    """A file of this repository."""
    return (ROOT / "domain" / "evidence" / "ages.py").read_text(encoding="utf-8")


def own_functions(text: str) -> dict[str, int]:
    """Its functions as Python itself sees them."""
    return {
        f"function/{node.name}".lower(): node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)
    }


JAVA = """package com.acme;

import java.util.List;

public final class Kiln {
    private static Map<String, Integer> heat = new HashMap<>();

    public int fire(List<Integer> bricks, int total) {
        InputStream in = new FileInputStream("x");
        try {
            new Thread(() -> heat.put("a", 1)).start();
        } catch (Exception e) {
        }
        for (Integer brick : bricks) {
            statement.executeQuery("SELECT * FROM bricks WHERE id = " + brick);
        }
        return bricks.get(0) / total;
    }

    private void cool(
            int degrees) {
        heat.clear();
    }
}
"""
GO = """package kiln

import (
	"net/http"
	"os"
)

var heat = map[string]int{}

func Fire(url string, n int) (int, error) {
	resp, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	f, _ := os.Open("/tmp/x")
	go func() {
		heat[url] = heat[url] + 1
	}()
	return resp.ContentLength / n, nil
}

func (k *Kiln) Retry(q string) {
	for {
		if err := k.db.Exec("UPDATE kiln SET hot = " + q); err != nil {
			continue
		}
	}
}
"""
JAVASCRIPT = """const https = require("https");

async function fire(url) {
  const answer = await fetch(url);
  return answer.json();
}

const cool = async (id) => {
  const agent = new https.Agent({ rejectUnauthorized: false });
  const rows = await db.query(`SELECT * FROM kilns WHERE id = ${id}`);
  return rows[0];
};

module.exports = { fire, cool };
"""
RUST = """use std::collections::HashMap;

pub struct Kiln {
    heat: u32,
}

impl Kiln {
    pub fn fire(&self, bricks: &[u32]) -> u32 {
        let first = bricks.first().unwrap();
        first + self.heat
    }

    pub async fn cool(&self) -> u32 {
        let held = self.state.lock().unwrap();
        let heat = ask(held).await;
        heat
    }
}
"""
CSHARP = """using System;
using System.Threading.Tasks;

namespace Acme
{
    public class Kiln
    {
        public async Task<int> Fire(string url)
        {
            try
            {
                return await Ask(url);
            }
            catch (Exception) { }
            return 0;
        }
    }
}
"""
RUBY = """require 'net/http'

class Kiln
  def fire(url)
    Net::HTTP.get(URI(url)) rescue nil
  end

  def cool!
    loop do
      begin
        ask
      rescue
        retry
      end
    end
  end
end
"""
PHP = """<?php
namespace Acme;

class Kiln
{
    public function fire($url)
    {
        curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, 0);
        return $this->db->query("SELECT * FROM kilns WHERE url = '" . $url . "'");
    }
}
"""
SHELL = """#!/usr/bin/env bash
set -euo pipefail

fire() {
  curl -k https://kiln.example/fire
  rm -rf "$1" || true
}

cool() {
  for brick in a b; do
    if ! fire "$brick"; then
      exit 1
    fi
  done
}
cool
"""
C = """#include <stdio.h>
#include <stdlib.h>

static int ratio(int sum, int total)
{
    return sum / total;
}

int main(int argc, char **argv) {
    printf("%d\\n", ratio(atoi(argv[1]), 0));
    return 0;
}
"""
PYTHON = """import asyncio
import threading

import requests

cache = {}


def load(url, lock):
    handle = open("/tmp/x")
    while True:
        try:
            return_it(requests.get(url, verify=False))
        except Exception:
            pass


async def fire(lock, rows, total):
    async with lock:
        await ask(rows)
    for row in rows:
        pool.execute(f"SELECT {row}")
    return sum(rows) / total
"""


def weak(what: str, line: int) -> Must:
    """A weak place."""
    return Must(what=what, kind="setting", line=line, says=what)


FORMATS: tuple[Format, ...] = (
    Format(name="Python, its functions", kind=Kind.SOURCE_CODE, source="captured", example=own_source, rows=own_functions),
    Format(
        name="Python",
        kind=Kind.SOURCE_CODE,
        source="Python reference",
        example=PYTHON,
        rows={"function/load": 9, "function/fire": 18},
        must=(
            weak("resource not closed", 10),
            weak("unbounded retry", 11),
            weak("TLS check disabled", 13),
            weak("missing timeout", 13),
            weak("swallowed exception", 14),
            weak("await under lock", 19),
            weak("query in a loop", 22),
            weak("statement built from strings", 22),
            weak("division without guard", 23),
        ),
    ),
    Format(
        name="Java",
        kind=Kind.SOURCE_CODE,
        source="Java language specification",
        example=JAVA,
        rows={"function/fire": 8, "function/cool": 20},
        must=(
            weak("race on shared state", 6),
            weak("resource not closed", 9),
            weak("swallowed exception", 12),
            weak("query in a loop", 15),
        ),
    ),
    Format(
        name="Go",
        kind=Kind.SOURCE_CODE,
        source="Go specification",
        example=GO,
        rows={"function/fire": 10, "function/retry": 22},
        must=(
            weak("missing timeout", 11),
            weak("resource not closed", 15),
            weak("division without guard", 19),
            weak("unbounded retry", 23),
        ),
    ),
    Format(
        name="JavaScript",
        kind=Kind.SOURCE_CODE,
        source="ECMAScript specification",
        example=JAVASCRIPT,
        rows={"function/fire": 3, "function/cool": 8},
        must=(
            weak("missing timeout", 4),
            weak("TLS check disabled", 9),
            weak("statement built from strings", 10),
            weak("index without guard", 11),
        ),
    ),
    Format(
        name="Rust",
        kind=Kind.SOURCE_CODE,
        source="Rust reference",
        example=RUST,
        rows={"function/fire": 8, "function/cool": 13},
        must=(weak("index without guard", 9), weak("await under lock", 14)),
    ),
    Format(
        name="C#",
        kind=Kind.SOURCE_CODE,
        source="C# reference",
        example=CSHARP,
        rows={"function/fire": 8},
        must=(weak("swallowed exception", 14),),
    ),
    Format(
        name="Ruby",
        kind=Kind.SOURCE_CODE,
        source="Ruby documentation",
        example=RUBY,
        rows={"function/fire": 4, "function/cool!": 8},
        must=(weak("swallowed exception", 5), weak("unbounded retry", 9)),
    ),
    Format(
        name="PHP",
        kind=Kind.SOURCE_CODE,
        source="PHP manual",
        example=PHP,
        rows={"function/fire": 6},
        must=(weak("TLS check disabled", 8), weak("statement built from strings", 9)),
    ),
    Format(
        name="shell script",
        kind=Kind.SOURCE_CODE,
        source="bash manual",
        example=SHELL,
        rows={"function/fire": 4, "function/cool": 9},
        must=(weak("TLS check disabled", 5), weak("missing timeout", 5), weak("swallowed exception", 6)),
    ),
    Format(
        name="C",
        kind=Kind.SOURCE_CODE,
        source="C standard",
        example=C,
        rows={"function/ratio": 4, "function/main": 9},
        must=(weak("division without guard", 6),),
    ),
)
