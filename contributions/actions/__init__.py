"""Every write about works. One verb, one function, keyword-only, actor first.

drafts       start_draft, write_text, prepare_text, update_details, discard_draft
versioning   use_version, hide_version
uploads      begin_upload, recount_upload, receive_upload, receive_file, receive_source_file, sweep_uploads,
             terminate_upload
preparing    run_transcode (= take_job, do_job), run_next_transcode (= take_next, do_job)
queueing     retry_transcode, reap_jobs
publishing   publish_contribution, publish_if_wished, cancel_wish
sources      add_source, add_external_source, remove_source, describe_source, answer_request, unlink
signing      sign_version, sign_for_download, sweep_unsigned
signing_given sign_source_file, sign_source_file_for_download
retiring     withdraw, remove, restore
claims       file_claim, answer_claim, withdraw_claim
families     join_family, recount_families
relicensing  relicense
giving       ask_for_files, label_source_file, remove_source_file
cleaning     run_cleaning, retry_source_file, reap_source_files
taking       take_file, record_download
talking      comment_on, hide_comment
captioning   set_captions, remove_captions
fingerprinting  keep_fingerprints, deny_likeness, fingerprint_version, fill_in_fingerprints
sharing      set_shares, agree_share
counting     adjust_count
leaving      forget_artist
policy       add_licence, add_influence_rate, offer_licence
"""

from contributions.actions.captioning import remove_captions, set_captions
from contributions.actions.claims import answer_claim, file_claim, withdraw_claim
from contributions.actions.cleaning import reap_source_files, retry_source_file, run_cleaning
from contributions.actions.counting import adjust_count
from contributions.actions.drafts import (
    discard_draft,
    prepare_text,
    start_draft,
    update_details,
    write_text,
)
from contributions.actions.families import join_family, recount_families
from contributions.actions.fingerprinting import (
    deny_likeness,
    fill_in_fingerprints,
    fingerprint_version,
    keep_fingerprints,
)
from contributions.actions.giving import ask_for_files, label_source_file, remove_source_file
from contributions.actions.leaving import forget_artist
from contributions.actions.policy import add_influence_rate, add_licence, offer_licence
from contributions.actions.preparing import do_job, run_next_transcode, run_transcode, take_job, take_next
from contributions.actions.publishing import (
    cancel_wish,
    publish_contribution,
    publish_if_wished,
    publish_problems,
)
from contributions.actions.queueing import reap_jobs, retry_transcode
from contributions.actions.relicensing import relicense
from contributions.actions.retiring import remove, restore, withdraw
from contributions.actions.sharing import agree_share, set_shares
from contributions.actions.signing import sign_for_download, sign_version, sweep_unsigned
from contributions.actions.signing_given import sign_source_file, sign_source_file_for_download
from contributions.actions.sources import (
    add_external_source,
    add_source,
    answer_request,
    describe_source,
    remove_source,
    unlink,
)
from contributions.actions.taking import record_download, take_file
from contributions.actions.talking import comment_on, hide_comment
from contributions.actions.uploads import (
    begin_upload,
    receive_file,
    receive_source_file,
    receive_upload,
    recount_upload,
    sweep_uploads,
    terminate_upload,
)
from contributions.actions.versioning import hide_version, use_version

__all__ = [
    "add_external_source",
    "add_influence_rate",
    "add_licence",
    "add_source",
    "adjust_count",
    "agree_share",
    "answer_claim",
    "answer_request",
    "ask_for_files",
    "begin_upload",
    "cancel_wish",
    "comment_on",
    "deny_likeness",
    "describe_source",
    "discard_draft",
    "do_job",
    "file_claim",
    "fill_in_fingerprints",
    "fingerprint_version",
    "forget_artist",
    "hide_comment",
    "hide_version",
    "join_family",
    "keep_fingerprints",
    "label_source_file",
    "offer_licence",
    "prepare_text",
    "publish_contribution",
    "publish_if_wished",
    "publish_problems",
    "reap_jobs",
    "reap_source_files",
    "receive_file",
    "receive_source_file",
    "receive_upload",
    "record_download",
    "recount_families",
    "recount_upload",
    "relicense",
    "remove",
    "remove_captions",
    "remove_source",
    "remove_source_file",
    "restore",
    "retry_source_file",
    "retry_transcode",
    "run_cleaning",
    "run_next_transcode",
    "run_transcode",
    "set_captions",
    "set_shares",
    "sign_for_download",
    "sign_source_file",
    "sign_source_file_for_download",
    "sign_version",
    "start_draft",
    "sweep_unsigned",
    "sweep_uploads",
    "take_file",
    "take_job",
    "take_next",
    "terminate_upload",
    "unlink",
    "update_details",
    "use_version",
    "withdraw",
    "withdraw_claim",
    "write_text",
]
