"""Addresses of works. The page of one work itself joins apps and is declared in hitrecord.pages."""

from django.urls import path

from contributions.views import (
    begin,
    captions,
    claims,
    compare,
    edit,
    likenesses,
    media,
    sources,
    status,
    tus,
    verify,
    works,
)

app_name = "contributions"
WORK = "contributions/<int:pk>"

urlpatterns = [
    path("upload/", begin.upload, name="upload"),
    path("write/", begin.write, name="write"),
    path("write/autosave/", begin.autosave, name="autosave"),
    path("verify/", verify.verify, name="verify"),
    path("credentials/root.pem", verify.root, name="credentials_root"),
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
    path(f"{WORK}/likenesses/<int:source>/", likenesses.answer, name="likeness"),
    path(f"{WORK}/requests/", sources.requests, name="requests"),
    path("claims/", claims.mine, name="my_claims"),
    path("claims/<int:pk>/withdraw/", claims.withdraw, name="withdraw_claim"),
    path(f"{WORK}/claims/", claims.claims, name="claims"),
    path(f"{WORK}/remixes/<int:remix>/unlink/", sources.unlink, name="unlink"),
    path(f"{WORK}/versions/", works.versions, name="versions"),
    path(f"{WORK}/files/", works.files, name="files"),
    path(f"{WORK}/view/", works.view, name="view"),
    path(f"{WORK}/compare/", compare.versions, name="compare_versions"),
    path(f"{WORK}/compare/<int:other>/", compare.works, name="compare"),
    path(f"{WORK}/captions/", captions.captions, name="captions"),
    path(f"{WORK}/captions/<str:language>.vtt", captions.caption, name="caption"),
    path(f"{WORK}/transcript/<str:language>/", captions.transcript, name="transcript"),
    path(f"{WORK}/shares/", works.shares, name="shares"),
    path(f"{WORK}/withdraw/", works.withdraw, name="withdraw"),
    path(f"{WORK}/discard/", works.discard, name="discard"),
    path(f"{WORK}/comments/", works.comment, name="comment"),
    path(f"{WORK}/comments/<int:comment>/hide/", works.hide_comment, name="hide_comment"),
    path(f"{WORK}/originals/<int:number>/", media.original, name="original"),
    path(f"{WORK}/book.epub", media.book, name="book"),
    path(f"{WORK}/media/<int:number>/<path:name>", media.media, name="media"),
]
