"""Object storage as the rest of the platform sees it."""

from dataclasses import dataclass
from pathlib import Path

from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.objects.blobs import Blobs
from liuyun.objects.buckets import Buckets
from liuyun.objects.multipart import Multipart
from liuyun.objects.objects import Objects
from liuyun.objects.uploads import Uploads
from liuyun.storage.database import Database


@dataclass(frozen=True, slots=True)
class ObjectStorage:
    buckets: Buckets
    objects: Objects
    multipart: Multipart
    uploads: Uploads


def object_storage(*, db: Database, clock: Clock, ids: Ids, folder: Path, region: str) -> ObjectStorage:
    """Keeps contents in `folder`. To be started by `objects.start`."""
    buckets = Buckets(db=db, clock=clock, region=region)
    blobs = Blobs(folder, ids)
    objects = Objects(db=db, clock=clock, blobs=blobs)
    multipart = Multipart(db=db, clock=clock, ids=ids, blobs=blobs, objects=objects)
    return ObjectStorage(buckets, objects, multipart, Uploads(buckets=buckets, objects=objects, clock=clock, ids=ids))
