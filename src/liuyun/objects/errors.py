"""What can go wrong with buckets and objects."""

from liuyun.errors import Conflict, Denied, Invalid, NotFound


class BucketNotFound(NotFound):
    def __init__(self, bucket: str) -> None:
        super().__init__(f"The bucket {bucket} does not exist.", bucket=bucket)


class ObjectNotFound(NotFound):
    def __init__(self, bucket: str, key: str) -> None:
        super().__init__(f"The bucket {bucket} has no object {key[:200]}.", bucket=bucket)


class UploadNotFound(NotFound):
    def __init__(self, upload_id: str) -> None:
        super().__init__(
            f"There is no upload {upload_id[:80]} of this object; it was completed, aborted or never begun."
        )


class BucketExists(Conflict):
    def __init__(self, bucket: str) -> None:
        super().__init__(f"The bucket {bucket} belongs to another account; choose another name.", bucket=bucket)


class BucketNotEmpty(Conflict):
    def __init__(self, bucket: str) -> None:
        super().__init__(f"The bucket {bucket} still has objects; delete them first.", bucket=bucket)


class BucketDenied(Denied):
    pass


class BucketNameInvalid(Invalid):
    pass


class ObjectNameInvalid(Invalid):
    pass


class PartInvalid(Invalid):
    """A part that the caller names was not uploaded, or is another one by now."""


class PreconditionUnmet(Conflict):
    """An If-* header asks for another state of the object."""
