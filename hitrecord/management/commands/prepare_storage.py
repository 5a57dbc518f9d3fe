"""Makes the bucket of the media, where it is not there yet."""

from typing import Any

from botocore.exceptions import ClientError
from django.core.files.storage import storages
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """For the first start on an S3 server of one's own; folders need no making."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Look for the bucket, and create it when the server says there is none."""
        bucket = getattr(storages["default"], "bucket", None)
        if bucket is None:
            self.stdout.write("The media are kept in a folder; nothing to prepare.")
            return
        client = bucket.meta.client
        try:
            client.head_bucket(Bucket=bucket.name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            client.create_bucket(Bucket=bucket.name)
            self.stdout.write(f"Made the bucket {bucket.name}.")
        else:
            self.stdout.write(f"The bucket {bucket.name} is there.")
