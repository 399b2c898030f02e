"""One document becomes searchable, or says that it could not."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.knowledge import DocumentIngested, IngestDocument, KnowledgeActivities
from domain.errors import FaultMavenError
from workflows.guard import unless_cancelled
from workflows.options import INGEST, UPKEEP, named


@workflow.defn(failure_exception_types=[FaultMavenError])
class IngestDocumentWorkflow:
    """Started by whoever stored the document; the same document again is safe."""

    @workflow.run
    async def run(self, document: IngestDocument) -> DocumentIngested:
        """Chunk and index the document; one that cannot be indexed is kept and marked."""
        step = workflow.execute_activity_method
        try:
            return await step(KnowledgeActivities.ingest_document, document, **named(f"index {document.document_id}", INGEST))
        except ActivityError as failure:
            unless_cancelled(failure)
            return await step(KnowledgeActivities.fail_document, document, **named("mark the document", UPKEEP))
