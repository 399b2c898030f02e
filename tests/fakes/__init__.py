"""One fake per port, and what they share."""

from tests.fakes.blobs import MemoryBlobs as MemoryBlobs
from tests.fakes.blobs import MemoryObjects as MemoryObjects
from tests.fakes.cases import MemoryCaseErasure as MemoryCaseErasure
from tests.fakes.cases import MemoryCaseRecords as MemoryCaseRecords
from tests.fakes.cases import MemoryCases as MemoryCases
from tests.fakes.cases import MemoryConversation as MemoryConversation
from tests.fakes.cases import MemoryEvidence as MemoryEvidence
from tests.fakes.cases import MemoryFiles as MemoryFiles
from tests.fakes.cases import MemoryIntake as MemoryIntake
from tests.fakes.cases import MemoryReports as MemoryReports
from tests.fakes.cases import MemoryRows as MemoryRows
from tests.fakes.knowledge import MemoryKnowledge as MemoryKnowledge
from tests.fakes.knowledge import MemoryPassages as MemoryPassages
from tests.fakes.ledger import MemoryLedger as MemoryLedger
from tests.fakes.models import MemoryErasure as MemoryErasure
from tests.fakes.models import MemoryFeed as MemoryFeed
from tests.fakes.models import MemoryFeeds as MemoryFeeds
from tests.fakes.models import MemoryProgress as MemoryProgress
from tests.fakes.models import ScriptedModel as ScriptedModel
from tests.fakes.people import MemoryPeople as MemoryPeople
from tests.fakes.people import MemoryRefreshTokens as MemoryRefreshTokens
from tests.fakes.people import MemoryReplies as MemoryReplies
from tests.fakes.people import MemorySessions as MemorySessions
from tests.fakes.people import MemorySignInAttempts as MemorySignInAttempts
from tests.fakes.privacy import MemoryVault as MemoryVault
from tests.fakes.privacy import StarRedactor as StarRedactor
