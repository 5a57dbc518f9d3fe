"""Every write about works. One verb, one function, keyword-only, actor first.

drafts       start_draft, write_text, prepare_text, update_details, discard_draft
versioning   use_version, hide_version
uploads      begin_upload, receive_upload, receive_file, receive_source_file, sweep_uploads, terminate_upload
preparing    run_transcode (= take_job, do_job), retry_transcode, reap_jobs
publishing   publish_contribution, publish_if_wished, cancel_wish
sources      add_source, add_external_source, remove_source, describe_source, answer_request, unlink
retiring     withdraw, remove, restore
relicensing  relicense
giving       ask_for_files, label_source_file, remove_source_file
cleaning     run_cleaning, retry_source_file, reap_source_files
taking       record_download
talking      comment_on, hide_comment
sharing      set_shares, agree_share
counting     adjust_count
policy       add_licence, add_influence_rate, offer_licence
"""

from contributions.actions.cleaning import reap_source_files, retry_source_file, run_cleaning
from contributions.actions.counting import adjust_count
from contributions.actions.drafts import (
    discard_draft,
    prepare_text,
    start_draft,
    update_details,
    write_text,
)
from contributions.actions.giving import ask_for_files, label_source_file, remove_source_file
from contributions.actions.policy import add_influence_rate, add_licence, offer_licence
from contributions.actions.preparing import do_job, reap_jobs, retry_transcode, run_transcode, take_job
from contributions.actions.publishing import (
    cancel_wish,
    publish_contribution,
    publish_if_wished,
    publish_problems,
)
from contributions.actions.relicensing import relicense
from contributions.actions.retiring import remove, restore, withdraw
from contributions.actions.sharing import agree_share, set_shares
from contributions.actions.sources import (
    add_external_source,
    add_source,
    answer_request,
    describe_source,
    remove_source,
    unlink,
)
from contributions.actions.taking import record_download
from contributions.actions.talking import comment_on, hide_comment
from contributions.actions.uploads import (
    begin_upload,
    receive_file,
    receive_source_file,
    receive_upload,
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
    "answer_request",
    "ask_for_files",
    "begin_upload",
    "cancel_wish",
    "comment_on",
    "describe_source",
    "discard_draft",
    "do_job",
    "hide_comment",
    "hide_version",
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
    "relicense",
    "remove",
    "remove_source",
    "remove_source_file",
    "restore",
    "retry_source_file",
    "retry_transcode",
    "run_cleaning",
    "run_transcode",
    "set_shares",
    "start_draft",
    "sweep_uploads",
    "take_job",
    "terminate_upload",
    "unlink",
    "update_details",
    "use_version",
    "withdraw",
    "write_text",
]
