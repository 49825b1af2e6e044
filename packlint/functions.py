"""Facts: the functions of Packer's template language (reference: hcl2template/functions.go)."""

from __future__ import annotations

_BY_RELEASE = {
    "1.6.0": """
        abs abspath base64decode base64encode basename bcrypt can ceil chomp chunklist cidrhost
        cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist compact concat contains convert
        csvdecode dirname distinct element env file fileexists fileset flatten floor format formatdate
        formatlist indent index join jsondecode jsonencode keys length log lookup lower max md5 merge
        min parseint pathexpand pow range regex_replace replace reverse rsadecrypt setintersection
        setproduct setunion sha1 sha256 sha512 signum slice sort split strrev substr timeadd timestamp
        title trim trimprefix trimspace trimsuffix try upper urlencode uuidv4 uuidv5 values yamldecode
        yamlencode zipmap
    """,
    "1.6.2": "vault",
    "1.6.5": "aws_secretsmanager consul_key",
    "1.7.0": "regex regexall",
    "1.7.1": "legacy_isotime templatefile",
    "1.7.5": "legacy_strftime",
    "1.11.0": "textdecodebase64 textencodebase64",
    "1.12.0": "alltrue anytrue aws_secretsmanager_raw base64gzip strcontains",
    "1.13.0": "endswith filebase64 startswith sum",
    "1.16.0": "rfc3339_parse unix_timestamp_parse",
}
SINCE = {name: release for release, names in _BY_RELEASE.items() for name in names.split()}
"""Function → the first release of Packer that has it; those of 1.6.0 may be older."""

DEFAULTS_ONLY = "env"
"""The function that only the default of a variable may call, and the only one that it may."""
