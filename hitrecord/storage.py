"""Static files by their hash, the relative imports between our ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names may be cached for ever; only `import … from "./x.js";` with its semicolon is found (bin/check)."""

    support_js_module_import_aggregation = True
