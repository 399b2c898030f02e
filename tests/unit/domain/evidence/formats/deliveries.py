"""Deliveries: releases, plans, changes and cloud accounts."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

HELM_LIST = """\
NAME   \tNAMESPACE\tREVISION\tUPDATED                                \tSTATUS         \tCHART       \tAPP VERSION
ledger \tyard     \t7       \t2026-05-04 11:42:07.123456789 +0000 UTC\tfailed         \tledger-2.1.0\t2.1.0
web    \tyard     \t3       \t2026-05-01 09:00:00.000000001 +0200 CEST\tdeployed      \tweb-1.4.2   \t1.4.2
queue  \tyard     \t2       \t2026-05-04 11:50:00.5 +0000 UTC        \tpending-upgrade\tqueue-0.9.0 \t0.9
"""
HELM_HISTORY = """\
REVISION\tUPDATED                 \tSTATUS    \tCHART       \tAPP VERSION\tDESCRIPTION
6       \tFri May  1 09:12:44 2026\tsuperseded\tledger-2.0.3\t2.0.3      \tUpgrade complete
7       \tMon May  4 11:42:07 2026\tfailed    \tledger-2.1.0\t2.1.0      \tUpgrade "ledger" failed: timed out waiting for the condition
"""
HELM_STATUS = """\
NAME: ledger
LAST DEPLOYED: Mon May  4 11:42:07 2026
NAMESPACE: yard
STATUS: failed
REVISION: 7
DESCRIPTION: Upgrade "ledger" failed: timed out waiting for the condition
TEST SUITE: None
NOTES:
Get the application URL by running these commands:
"""
ARGOCD_GET = """\
Name:               argocd/shop
Project:            default
Server:             https://kubernetes.default.svc
Namespace:          yard
URL:                https://argocd.test/applications/shop
Repo:               https://git.test/shop.git
Target:             main
Path:               deploy
SyncWindow:         Sync Allowed
Sync Policy:        Automated
Sync Status:        OutOfSync from main (3f2c1ab)
Health Status:      Degraded

CONDITION  MESSAGE                                                                      LAST TRANSITION
SyncError  Failed sync attempt to 3f2c1ab: one or more objects failed to apply, reason  2031-03-04 10:00:00 +0000 UTC

GROUP  KIND        NAMESPACE  NAME    STATUS     HEALTH    HOOK  MESSAGE
       Service     yard       web     Synced     Healthy         service/web unchanged
apps   Deployment  yard       web     OutOfSync  Degraded        Deployment "web" exceeded its progress deadline
"""
ARGOCD_LIST = """\
NAME          CLUSTER                         NAMESPACE  PROJECT  STATUS     HEALTH       SYNCPOLICY  CONDITIONS  REPO                       PATH    TARGET
argocd/shop   https://kubernetes.default.svc  yard       default  OutOfSync  Degraded     Auto        <none>      https://git.test/shop.git  deploy  main
argocd/mail   https://kubernetes.default.svc  mail       default  Synced     Healthy      Auto        <none>      https://git.test/mail.git  deploy  main
"""
PROXY_STATUS = """\
NAME                          CLUSTER        CDS        LDS        EDS        RDS          ECDS         ISTIOD                      VERSION
web-5d9c7b6f4-x2x9z.yard      Kubernetes     SYNCED     SYNCED     SYNCED     SYNCED       NOT SENT     istiod-6f8d9c7b5-abcde      1.24.0
api-7c6b5d4f3-k8k8k.yard      Kubernetes     STALE      SYNCED     STALE      SYNCED       NOT SENT     istiod-6f8d9c7b5-abcde      1.22.1
"""
HELM, ARGO = "helm.sh/docs", "argo-cd.readthedocs.io"

FORMATS: tuple[Format, ...] = (
    Format(
        name="helm list -a",
        kind=Kind.COMMAND_OUTPUT,
        example=HELM_LIST,
        source=HELM,
        rows={"release/ledger": 2, "release/web": 3, "release/queue": 4},
        must=(
            Must(what="a failed release", kind="unhealthy_object", line=2, subject="release/ledger", says="failed"),
            Must(what="a release that hangs", kind="unhealthy_object", line=4, says="pending-upgrade"),
        ),
    ),
    Format(
        name="helm history",
        kind=Kind.COMMAND_OUTPUT,
        example=HELM_HISTORY,
        source=HELM,
        rows={"revision/6": 2, "revision/7": 3},
        must=(Must(what="the revision that failed and why", kind="unhealthy_object", line=3, says="timed out waiting"),),
    ),
    Format(
        name="helm status",
        kind=Kind.COMMAND_OUTPUT,
        example=HELM_STATUS,
        source=HELM,
        rows={"release/ledger": 1},
        must=(Must(what="a failed release", kind="unhealthy_object", line=4, subject="release/ledger", says="timed out"),),
    ),
    Format(
        name="argocd app get",
        kind=Kind.COMMAND_OUTPUT,
        example=ARGOCD_GET,
        source=ARGO,
        rows={"application/shop": 1, "service/web": 18, "deployment/web": 19},
        must=(
            Must(what="an application out of sync", kind="unhealthy_object", line=11, says="OutOfSync"),
            Must(what="a degraded application", kind="unhealthy_object", line=12, says="Degraded"),
            Must(what="the resource that is degraded and why", kind="unhealthy_object", line=19, says="progress deadline"),
            Must(what="the condition that says why", kind="condition", line=15, says="Failed sync attempt"),
        ),
    ),
    Format(
        name="argocd app list",
        kind=Kind.COMMAND_OUTPUT,
        example=ARGOCD_LIST,
        source=ARGO,
        rows={"application/argocd/shop": 2, "application/argocd/mail": 3},
        must=(Must(what="a degraded application", kind="unhealthy_object", line=2, says="Degraded"),),
    ),
    Format(
        name="istioctl proxy-status",
        kind=Kind.COMMAND_OUTPUT,
        example=PROXY_STATUS,
        source="istio.io/docs, proxy-status",
        rows={"proxy/web-5d9c7b6f4-x2x9z.yard": 2, "proxy/api-7c6b5d4f3-k8k8k.yard": 3},
        must=(Must(what="a proxy with old configuration", kind="unhealthy_object", line=3, says="STALE"),),
    ),
)
