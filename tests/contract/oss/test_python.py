"""Object storage through both Python clients. Acceptance cases of triggers contract 6: 20, 21, 23 to 26."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import alibabacloud_oss_v2
import oss2
import pytest
import requests

from liuyun.testing.platform import Running

oss_v2: Any = alibabacloud_oss_v2  # every member of its answers may be None for the type checker
numbers = count(1)
KEY = "in/a b/中.txt"


def auth(running: Running, kind: str, secret: str = "") -> Any:
    secret = secret or running.access_key_secret
    return oss2.Auth(running.access_key_id, secret) if kind == "v1" else oss2.AuthV4(running.access_key_id, secret)


@pytest.fixture(params=["v1", "v4"])
def bucket(running: Running, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A bucket of this test alone, by each of the signatures."""
    name = f"bucket-{next(numbers)}"
    made = oss2.Bucket(auth(running, request.param), running.endpoint, name, region="cn-hangzhou")
    made.create_bucket()
    yield made
    for item in oss2.ObjectIterator(made):
        made.delete_object(item.key)
    made.delete_bucket()


def test_case_20_an_object_comes_back_whole_and_in_parts(bucket: Any):
    """Content, checksums, metadata and ranges; keys may have spaces and any letters."""
    put = bucket.put_object(KEY, b"0123456789" * 1000, headers={"x-oss-meta-who": "me", "Content-Type": "text/plain"})
    got = bucket.get_object(KEY)
    assert (got.read(), got.etag, got.client_crc) == (b"0123456789" * 1000, put.etag, got.server_crc)
    assert (got.content_type, got.headers["x-oss-meta-who"]) == ("text/plain", "me")
    assert bucket.get_object(KEY, byte_range=(3, 12)).read() == b"3456789012"
    assert bucket.get_object(KEY, byte_range=(None, 2)).read() == b"89"
    head = bucket.head_object(KEY)
    assert (head.content_length, head.etag) == (10_000, put.etag)
    assert bucket.object_exists(KEY)
    assert not bucket.object_exists("absent")


def test_case_20_objects_are_listed_in_pages_and_folders(bucket: Any):
    """Both forms of the list show each object or its folder once."""
    keys = ["a/1", "a/2", "b&<c>", "d/e/f", "z z"]
    for key in keys:
        bucket.put_object(key, b"x")
    assert [item.key for item in oss2.ObjectIterator(bucket, max_keys=2)] == keys
    assert [item.key for item in oss2.ObjectIteratorV2(bucket, max_keys=2)] == keys
    folders = [(item.key, item.is_prefix()) for item in oss2.ObjectIterator(bucket, delimiter="/", max_keys=1)]
    assert folders == [("a/", True), ("b&<c>", False), ("d/", True), ("z z", False)]
    assert [item.key for item in oss2.ObjectIteratorV2(bucket, prefix="a/", delimiter="/")] == ["a/1", "a/2"]


def test_case_20_objects_are_copied_and_deleted_at_once(bucket: Any):
    """A copy has the metadata of its source."""
    bucket.put_object(KEY, b"text", headers={"x-oss-meta-who": "me"})
    bucket.copy_object(bucket.bucket_name, KEY, "copy")
    assert bucket.head_object("copy").headers["x-oss-meta-who"] == "me"
    assert set(bucket.batch_delete_objects([KEY, "copy", "absent"]).deleted_keys) == {KEY, "copy", "absent"}
    assert not bucket.list_objects().object_list


def test_case_20_signed_links_need_no_client(bucket: Any):
    """For reading and for writing."""
    link = bucket.sign_url("PUT", "by-link", 60)
    assert requests.put(link, data=b"linked", timeout=30).status_code == 200
    assert requests.get(bucket.sign_url("GET", "by-link", 60, slash_safe=True), timeout=30).content == b"linked"


def test_case_25_a_link_ends(bucket: Any):
    """403 AccessDenied, once its time is over."""
    bucket.put_object("f", b"x")
    answer = requests.get(bucket.sign_url("GET", "f", -20), timeout=30)
    assert (answer.status_code, "<Code>AccessDenied</Code>" in answer.text) == (403, True)


def test_case_26_content_may_come_without_its_length(bucket: Any):
    """A generator is sent in chunks; the checksum is of the whole."""
    put = bucket.put_object("streamed", (bytes([number]) * 100_000 for number in range(5)))
    assert bucket.head_object("streamed").content_length == 500_000
    assert put.etag == bucket.head_object("streamed").etag


@pytest.mark.parametrize("kind", ["v1", "v4"])
def test_case_21_a_wrong_secret_is_refused(running: Running, kind: str):
    """Also with a body that nobody reads."""
    bucket = oss2.Bucket(auth(running, kind, "other"), running.endpoint, "bucket-x", region="cn-hangzhou")
    with pytest.raises(oss2.exceptions.ServerError) as caught:
        bucket.put_object("k", b"x" * 300_000)
    assert (caught.value.status, caught.value.code) == (403, "SignatureDoesNotMatch")


def test_what_is_missing_is_named(running: Running):
    """Bucket or object, each by its code."""
    bucket = oss2.Bucket(auth(running, "v1"), running.endpoint, f"bucket-{next(numbers)}")
    with pytest.raises(oss2.exceptions.NoSuchBucket):
        bucket.put_object("k", b"x")
    bucket.create_bucket()
    with pytest.raises(oss2.exceptions.NoSuchKey):
        bucket.get_object("k")
    assert bucket.get_bucket_info().location == "oss-cn-hangzhou"
    assert bucket.bucket_name in {item.name for item in oss2.BucketIterator(oss2.Service(bucket.auth, bucket.endpoint))}


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_case_23_the_newer_client_does_the_same(running: Running, version: str):
    """alibabacloud-oss-v2, by its default signature and by the old one."""
    config = oss_v2.config.load_default()
    config.credentials_provider = oss_v2.credentials.StaticCredentialsProvider(
        running.access_key_id, running.access_key_secret
    )
    config.region, config.endpoint, config.signature_version = "cn-hangzhou", running.endpoint, version
    client, name = oss_v2.Client(config), f"bucket-{next(numbers)}"
    client.put_bucket(oss_v2.PutBucketRequest(bucket=name))
    client.put_object(oss_v2.PutObjectRequest(bucket=name, key=KEY, body=b"hello"))
    got = client.get_object(oss_v2.GetObjectRequest(bucket=name, key=KEY, range_header="bytes=1-3"))
    assert got.body.read() == b"ell"
    listed = client.list_objects_v2(oss_v2.ListObjectsV2Request(bucket=name, prefix="in/"))
    assert [item.key for item in listed.contents] == [KEY]
    assert client.head_object(oss_v2.HeadObjectRequest(bucket=name, key=KEY)).content_length == 5
    link = client.presign(oss_v2.GetObjectRequest(bucket=name, key=KEY)).url
    assert requests.get(link, timeout=30).content == b"hello"
    client.delete_object(oss_v2.DeleteObjectRequest(bucket=name, key=KEY))
    client.delete_bucket(oss_v2.DeleteBucketRequest(bucket=name))


def test_case_20_a_large_object_comes_in_parts(bucket: Any, tmp_path: Path):
    """Sent again where it broke off; whole once it is completed."""
    file = tmp_path / "large"
    content = bytes(range(256)) * 1200
    file.write_bytes(content)
    store = oss2.ResumableStore(root=str(tmp_path))
    oss2.resumable_upload(
        bucket, KEY, str(file), store=store, multipart_threshold=100_000, part_size=102_400, num_threads=2
    )
    got = bucket.get_object(KEY)
    assert (got.read(), got.etag.endswith("-3")) == (content, True)
    assert not bucket.list_multipart_uploads().upload_list


def test_parts_are_listed_and_forgotten(bucket: Any):
    """An upload that is aborted is gone, and a list of parts that names what isn't there is refused."""
    upload = bucket.init_multipart_upload("k").upload_id
    part = bucket.upload_part("k", upload, 2, b"x" * 10)
    assert [item.part_number for item in bucket.list_parts("k", upload).parts] == [2]
    assert [item.upload_id for item in bucket.list_multipart_uploads().upload_list] == [upload]
    with pytest.raises(oss2.exceptions.ServerError) as caught:
        bucket.complete_multipart_upload("k", upload, [oss2.models.PartInfo(1, part.etag)])
    assert caught.value.code == "InvalidPart"
    bucket.abort_multipart_upload("k", upload)
    with pytest.raises(oss2.exceptions.NoSuchUpload):
        bucket.upload_part("k", upload, 1, b"x")
