"""Addresses of works. The page of one work itself joins apps and is declared in hitrecord.pages."""

from django.urls import path

from contributions.views import begin, edit, files, licence, media, sources, status, tus, versions, withdraw, works

app_name = "contributions"
WORK = "contributions/<int:pk>"

urlpatterns = [
    path("upload/", begin.upload, name="upload"),
    path("write/", begin.write, name="write"),
    path("write/autosave/", begin.autosave, name="autosave"),
    path("drafts/", begin.drafts, name="drafts"),
    path("tus/", tus.uploads, name="tus"),
    # No slash at its end: clients append nothing, and the last part is the upload's name.
    path("tus/<uuid:upload_id>", tus.upload, name="tus_upload"),
    path("uploads/<uuid:upload_id>/row/", tus.upload_row, name="upload_row"),
    path(f"{WORK}/write/", begin.write, name="write_on"),
    path(f"{WORK}/edit/", edit.edit, name="edit"),
    path(f"{WORK}/publish/cancel/", edit.cancel_publish, name="cancel_publish"),
    path(f"{WORK}/status/", status.status, name="status"),
    path(f"{WORK}/retry/", status.retry, name="retry"),
    path(f"{WORK}/sources/", sources.sources, name="sources"),
    path(f"{WORK}/sources/<int:row>/", sources.source, name="source"),
    path(f"{WORK}/requests/", sources.requests, name="requests"),
    path(f"{WORK}/remixes/<int:remix>/unlink/", sources.unlink, name="unlink"),
    path(f"{WORK}/versions/", versions.versions, name="versions"),
    path(f"{WORK}/versions/<int:number>/", versions.version, name="version"),
    path("downloads/", files.downloads, name="downloads"),
    path(f"{WORK}/downloads/", files.download, name="download"),
    path(f"{WORK}/files/", files.files, name="files"),
    path(f"{WORK}/files/requests/", files.ask, name="ask_for_files"),
    path(f"{WORK}/files/<int:row>/", media.source_file, name="source_file"),
    path(f"{WORK}/files/<int:row>/original/", media.source_original, name="source_original"),
    path(f"{WORK}/files/<int:row>/edit/", files.change, name="change_source_file"),
    path(f"{WORK}/licence/", licence.licence, name="licence"),
    path(f"{WORK}/shares/", works.shares, name="shares"),
    path(f"{WORK}/withdraw/", withdraw.withdraw, name="withdraw"),
    path(f"{WORK}/discard/", works.discard, name="discard"),
    path(f"{WORK}/comments/", works.comment, name="comment"),
    path(f"{WORK}/comments/<int:comment>/hide/", works.hide_comment, name="hide_comment"),
    path(f"{WORK}/originals/<int:number>/", media.original, name="original"),
    path(f"{WORK}/media/<int:number>/<path:name>", media.media, name="media"),
]
