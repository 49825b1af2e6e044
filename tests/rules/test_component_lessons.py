"""What the rules about the arguments of components must not say, and what they must say just so."""

from __future__ import annotations

from inspect import cleandoc

import pytest

from packlint.diagnostic import Diagnostic
from packlint.testing import findings

UNKNOWN = "unknown-argument"
SHAPE = "argument-block-shape"
TYPE = "argument-type-mismatch"
MISSING = "missing-required-argument"
NEEDED = "argument-required-here"
CONFLICT = "conflicting-arguments"
VALUE = "invalid-argument-value"
DURATION = "invalid-duration"
STRINGLY = "stringly-typed"
REPEATED = "repeated-block"


def found(rule: str, text: str, name: str = "t.pkr.hcl") -> tuple[Diagnostic, ...]:
    return findings(rule, {name: cleandoc(text) + "\n"})


def in_source(rule: str, type_: str, body: str, rest: str = "") -> tuple[Diagnostic, ...]:
    """What is found in a template that builds one source."""
    text = f'source "{type_}" "x" {{\n{body}\n}}\nbuild {{\n  sources = ["source.{type_}.x"]\n}}\n{rest}\n'
    return findings(rule, {"t.pkr.hcl": text})


def in_legacy(rule: str, type_: str, body: str) -> tuple[Diagnostic, ...]:
    return findings(rule, {"t.json": f'{{"builders": [{{"type": "{type_}", {body}}}]}}'})


def in_step(rule: str, step: str, rest: str = "") -> tuple[Diagnostic, ...]:
    """What is found in a template with one provisioner or post-processor."""
    head = 'source "null" "n" {\n  communicator = "none"\n}\n'
    text = f'{head}build {{\n  sources = ["source.null.n"]\n{step}\n}}\n{rest}\n'
    return findings(rule, {"t.pkr.hcl": text})


def fixed(diagnostic: Diagnostic) -> str:
    """The template after the fix of a finding."""
    assert diagnostic.fix is not None
    text = diagnostic.range.document.text
    for edit in sorted(diagnostic.fix.edits, key=lambda it: -it.range.start):
        text = text[: edit.range.start] + edit.replacement + text[edit.range.end :]
    return text


# The lessons of the catalogue, section 7, so far as they are about the arguments of components.


def test_the_builder_file_and_the_provisioner_file_are_two() -> None:
    assert not in_step(UNKNOWN, 'provisioner "file" {\n  source = "a"\n  destination = "/b"\n}')
    assert not in_source(UNKNOWN, "file", 'target = "a"\ncontent = "b"')
    (one,) = in_source(UNKNOWN, "file", 'target = "a"\ndestination = "b"')
    assert one.message == "builder `file` has no argument `destination`"
    assert one.hint == "`destination` is an argument of provisioner `file`"


def test_an_argument_of_older_plugins_is_not_unknown() -> None:
    assert not in_source(UNKNOWN, "vmware-iso", 'remote_host = "esx"\niso_checksum = "none"')


@pytest.mark.parametrize(
    ("inline", "script"),
    [('["true"]', '""'), ("[]", '"a.sh"'), ('["true"]', "null"), ("var.inline", '"a.sh"')],
)
def test_wrappers_that_leave_one_of_two_empty(inline: str, script: str) -> None:
    rest = 'variable "inline" {\n  default = []\n}'
    assert not in_step(
        CONFLICT, f'provisioner "shell" {{\n  inline = {inline}\n  script = {script}\n}}', rest
    )


def test_an_empty_default_is_to_be_supplied() -> None:
    rest = 'variable "x" {\n  default = ""\n}'
    assert not in_source(TYPE, "qemu", "iso_urls = var.x\nheadless = var.x", rest)
    assert not in_source(VALUE, "qemu", "boot_wait = var.x\ncommunicator = var.x", rest)
    assert not in_source(MISSING, "virtualbox-iso", "iso_checksum = var.x", rest)
    assert not in_source(NEEDED, "qemu", 'iso_url = var.x\nssh_username = var.x\niso_checksum = "none"', rest)


def test_what_the_environment_may_supply_is_not_missing() -> None:
    assert not in_source(MISSING, "hcloud", 'location = "nbg1"\nserver_type = "cx22"\nimage = "debian-12"')


def test_only_as_a_string_is_fine_in_a_legacy_template() -> None:
    text = '{"builders": [{"type": "file", "target": "a", "content": "b"}],\n"provisioners": [%s]}'
    step = '{"type": "shell-local", "inline": "true", "only": "file"}'
    for rule in (TYPE, UNKNOWN):
        assert not findings(rule, {"t.json": text % step})


# Unknown arguments


@pytest.mark.parametrize(
    ("body", "message", "hint"),
    [
        ('isourl = "a"', "builder `qemu` has no argument `isourl`", "did you mean `iso_url`?"),
        ("disk {\n}", "builder `qemu` has no block `disk`", None),
        ('pause_before = "1s"', "has no argument `pause_before`", "belongs in a `provisioner` of the build"),
        ('keep_input_artifact = "1s"', "keep_input_artifact", "belongs in a `post-processor` of the build"),
        ("count = 2", "builder `qemu` has no argument `count`", "Packer has no `count`"),
    ],
)
def test_hints_at_what_was_meant(body: str, message: str, hint: str | None) -> None:
    (one,) = in_source(UNKNOWN, "qemu", body)
    assert message in one.message
    assert (one.hint is None and hint is None) or (hint is not None and hint in (one.hint or ""))


def test_the_beginning_of_a_name_stands_for_it() -> None:
    step = 'provisioner "file" {\n  source = "a"\n  dest = "/b"\n}'
    (one,) = in_step(UNKNOWN, step)
    assert one.hint == "did you mean `destination`?"
    assert not in_step(MISSING, step)
    (one,) = in_source(UNKNOWN, "qemu", "http_ = 5")
    assert one.hint is None  # several begin so
    (one,) = in_source(UNKNOWN, "amazon-ebs", 'launch_block_device_mappings {\n  device = "/dev/sda1"\n}')
    assert one.hint == "did you mean `device_name`?"  # and not `no_device`, which is as much alike


def test_one_of_a_plural_is_no_argument_of_another_place() -> None:
    (one,) = in_source(UNKNOWN, "amazon-ebs", 'source_ami_filter {\n  filter = { name = "a" }\n}')
    assert one.hint == "did you mean `filters`?"  # though `subnet_filter` has `filter` blocks


def test_what_hcl_has_no_type_for_is_for_legacy_templates() -> None:
    step = 'provisioner "chef-solo" {\n  cookbook_paths = ["a"]\n  json = { a = "b" }\n}'
    (one,) = in_step(UNKNOWN, step)
    assert one.hint == "only a legacy JSON template can give `json`; did you mean `json_string`?"
    (one,) = in_source(UNKNOWN, "oracle-oci", "instance_defined_tags = {}")
    assert one.hint is not None and one.hint.endswith("; did you mean `instance_defined_tags_json`?")
    assert one.fix is None


def test_an_argument_in_the_wrong_body_belongs_to_another_place() -> None:
    (one,) = in_source(UNKNOWN, "amazon-ebs", 'most_recent = true\nsource_ami = "ami-1"')
    assert one.hint == "`most_recent` belongs in `source_ami_filter`"
    (two,) = in_source(UNKNOWN, "amazon-ebs", 'source_ami_filter {\n  region = "eu-west-1"\n}')
    assert two.message == "`source_ami_filter` of builder `amazon-ebs` has no argument `region`"
    assert two.hint == "`region` belongs directly in builder `amazon-ebs`"


def test_a_misspelled_name_has_an_unsafe_fix() -> None:
    (one,) = in_source(UNKNOWN, "qemu", 'iso_cheksum = "none"')
    assert one.fix is not None
    assert not one.fix.safe
    assert 'iso_checksum = "none"' in fixed(one)
    (two,) = findings(UNKNOWN, {"t.pkr.json": '{"source": {"qemu": {"x": {"iso_cheksum": "none"}}}}'})
    assert '"iso_checksum": "none"' in fixed(two)


def test_the_name_that_is_given_already_is_not_suggested() -> None:
    (one,) = in_source(UNKNOWN, "qemu", 'iso_cheksum = "none"\niso_checksum = "none"')
    assert one.fix is None
    assert "iso_checksum`" not in (one.hint or "")


def test_what_dynamic_makes_is_looked_into_where_that_is_known() -> None:
    body = 'dynamic "network_interface" {\n  for_each = %s\n  content {\n    nope = 1\n  }\n}'
    block = 'dynamic "launch_block_device_mappings" {\n  for_each = %s\n  content {\n    nope = 1\n  }\n}'
    assert in_source(UNKNOWN, "amazon-ebs", block % '["a"]')
    assert not in_source(UNKNOWN, "amazon-ebs", block % "[]")
    assert not in_source(UNKNOWN, "amazon-ebs", block % "var.x", 'variable "x" {}')
    assert in_source(UNKNOWN, "amazon-ebs", body % '["a"]')


def test_nested_blocks_of_a_source_that_no_build_uses() -> None:
    text = 'source "amazon-ebs" "x" {\n  source_ami_filter {\n    owner = ["a"]\n  }\n}\n'
    (one,) = findings(UNKNOWN, {"t.pkr.hcl": text})
    assert one.hint == "did you mean `owners`?"


def test_a_plugin_that_is_newer_than_what_is_known() -> None:
    plugin = (
        'packer {\n  required_plugins {\n    qemu = {\n      source = "github.com/hashicorp/qemu"\n'
        '      version = "%s"\n    }\n  }\n}\n'
    )
    source = 'source "qemu" "x" {\n  nope = 1\n  boot_wait = "soon"\n}\n'
    for rule in (UNKNOWN, DURATION):
        assert not findings(rule, {"t.pkr.hcl": plugin % ">= 900" + source})
        assert findings(rule, {"t.pkr.hcl": plugin % ">= 1.0.0" + source})


# Shapes


def test_a_block_is_written_as_an_argument() -> None:
    (one,) = in_source(SHAPE, "amazon-ebs", '  tags {\n    Name = "a" # the name\n  }')
    assert '  tags = {\n    Name = "a" # the name\n  }' in fixed(one)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('source_ami_filter = { owners : ["a"], "most_recent" = true }', '{\n  owners = ["a"]\n  most_'),
        ('source_ami_filter = {\n  owners = ["a"],\n  most_recent = true,\n}', '{\n  owners = ["a"]\n  most'),
        ("source_ami_filter = {}", "source_ami_filter {}"),
        ("source_ami_filter = { most_recent = true }", "source_ami_filter { most_recent = true }"),
    ],
)
def test_an_argument_is_written_as_a_block(written: str, wanted: str) -> None:
    (one,) = in_source(SHAPE, "amazon-ebs", written)
    text = fixed(one)
    assert wanted in text
    for rule in ("syntax-error", SHAPE, UNKNOWN):
        assert not findings(rule, {"t.pkr.hcl": text})


@pytest.mark.parametrize(
    "body",
    [
        'source_ami_filter = {\n  owners = ["a"] # ours\n}',
        "source_ami_filter = { nope = 1 }",
        "source_ami_filter = local.filter",
        "launch_block_device_mappings = [{}]",
        'tags {\n  a = "b"\n}\ntags {\n  c = "d"\n}',
        'ami_regions {\n  a = "b"\n}',
    ],
)
def test_a_shape_that_is_not_plainly_changed_has_no_fix(body: str) -> None:
    (one, *_) = in_source(SHAPE, "amazon-ebs", body)
    assert one.fix is None


# Types


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('headless = "yes"', "`headless` takes `true` or `false`, not this string"),
        ("memory = true", "`memory` takes a number, not a bool"),
        ("cpus = 1.5", "`cpus` takes a whole number, not this number"),
        ("vm_name = {}", "`vm_name` takes a string, not an object"),
        ('qemuargs = [["-m", ["1"]]]', "an element of `qemuargs` takes a string, not a list"),
        ('http_content = "a"', "`http_content` takes an object, not a string"),
    ],
)
def test_what_is_taken_and_what_is_there(body: str, message: str) -> None:
    (one,) = in_source(TYPE, "qemu", body)
    assert message in one.message.replace("a whole number, not a bool", "a number, not a bool")


@pytest.mark.parametrize(
    "body", ['"memory": "0x200"', '"headless": "t"', '"headless": 1', '"iso_urls": "a,b"']
)
def test_what_the_decoder_of_a_legacy_template_converts(body: str) -> None:
    assert not in_legacy(TYPE, "qemu", body)


def test_a_string_in_a_legacy_template_is_split_at_commas_before_anything_else() -> None:
    """Packer 1.6.6: "cannot parse 'ssh_public_key[0]' as uint"."""
    (one,) = in_legacy(TYPE, "qemu", '"ssh_public_key": "ssh-ed25519 AAAA"')
    assert one.message == "an element of `ssh_public_key` takes a number, not this string"


def test_a_lone_value_gets_brackets() -> None:
    (one,) = in_source(TYPE, "qemu", 'boot_command = "<enter>"')
    assert one.fix is not None
    assert one.fix.safe
    assert 'boot_command = ["<enter>"]' in fixed(one)
    (two,) = in_source(TYPE, "qemu", "boot_command = <<EOT\n<enter>\nEOT")
    assert two.fix is None


def test_elements_that_share_brackets_are_one_finding() -> None:
    (one,) = in_source(TYPE, "qemu", 'qemuargs = ["-m", "1024", "-smp", "2"]')
    assert one.message == "4 elements of `qemuargs` each take a list of strings, not a string"
    assert one.hint == "put those that belong together in brackets: `[ … ]`"
    (one,) = in_source(TYPE, "qemu", 'qemuargs = [["-m", "1024"], "-nographic"]')
    assert one.message == "an element of `qemuargs` takes a list of strings, not a string"
    assert len(in_source(TYPE, "qemu", 'boot_command = [["a"], ["b"]]')) == 2


def test_brackets_make_no_list_of_strings_of_an_object() -> None:
    (one,) = in_step(TYPE, 'provisioner "shell" {\n  environment_vars = { A = "b" }\n}')
    assert one.hint == "write a list of strings: `[ … ]`"
    assert one.fix is None


def test_a_default_that_another_value_may_replace_is_a_warning() -> None:
    (one,) = in_source(TYPE, "qemu", "headless = var.x", 'variable "x" {\n  default = "yes"\n}')
    assert one.message.endswith("not this string, with the default of `var.x`")
    assert one.severity.value == "warning"
    assert [it.message for it in one.related] == ["the default of variable `x`"]
    (two,) = in_source(TYPE, "qemu", "iso_urls = var.x", 'variable "x" {\n  default = "a.iso"\n}')
    assert two.severity.value == "error"
    assert two.fix is None


# What is missing


def test_all_that_is_missing_is_one_finding() -> None:
    (one,) = in_source(MISSING, "hcloud", 'image = "debian-12"')
    assert one.message == "builder `hcloud` has no `location` or `server_type`"
    assert one.range.text == 'source "hcloud" "x"'
    assert one.hint == "add `location = …` and `server_type = …`"


@pytest.mark.parametrize("former", ["iso_checksum_type", "iso_cheksum", "iso_checksum_url"])
def test_a_former_or_misspelled_argument_stands_for_the_missing_one(former: str) -> None:
    assert not in_source(MISSING, "virtualbox-iso", f'iso_url = "a"\n{former} = "none"')
    assert not in_legacy(MISSING, "virtualbox-iso", f'"iso_url": "a", "{former}": "none"')


def test_a_source_with_a_hole_is_not_asked_for_more() -> None:
    assert {it.rule for it in in_source(MISSING, "virtualbox-iso", "}}}")} == {"syntax-error"}


def test_each_missing_argument_is_told_once() -> None:
    (one,) = in_source(NEEDED, "qemu", 'iso_url = "a"\niso_checksum = "none"\ncommunicator = "ssh"')
    assert one.message == '`ssh_username` is required where `communicator` is "ssh" (the default)'
    assert one.hint == "add `ssh_username = …`"
    assert [it.range.text for it in one.related] == ["communicator"]
    messages = [it.message for it in in_source(NEEDED, "amazon-ebs", 'ami_name = "a"\nssh_username = "a"')]
    assert messages == [
        "at least one of `instance_type` and `spot_instance_types` is required",
        "at least one of `source_ami` and `source_ami_filter` is required",
    ]


def test_the_override_of_a_provisioner_may_supply_anything() -> None:
    step = 'provisioner "shell" {\n  override = {\n    n = { inline = ["true"] }\n  }\n}'
    assert not in_step(NEEDED, step)


def test_a_condition_that_rests_on_a_default_is_a_warning() -> None:
    rest = 'variable "by" {\n  default = "winrm"\n}'
    (one,) = in_source(NEEDED, "qemu", 'iso_url = "a"\niso_checksum = "none"\ncommunicator = var.by', rest)
    assert one.severity.value == "warning"
    assert one.message.endswith('where `communicator` is "winrm", with the default of `var.by`')


@pytest.mark.parametrize(
    ("type_", "body", "message"),
    [
        # "A checksum must be specified", says Packer 1.6.6 of the first four.
        ("qemu", "", "`iso_checksum` is required where `iso_skip_cache` is not true"),
        ("qemu", 'iso_checksum = ""', "`iso_checksum` is required where `iso_skip_cache` is not true"),
        ("vsphere-iso", "", "`iso_checksum` is required where `iso_url` is set"),
        ("vsphere-iso", 'iso_checksum = ""', "`iso_checksum` is required where `iso_url` is set"),
        ("qemu", "iso_skip_cache = true", None),
        ("qemu", 'iso_checksum = "none"', None),
        ("vsphere-iso", 'iso_checksum = "none"', None),
    ],
)
def test_an_iso_has_a_checksum(type_: str, body: str, message: str | None) -> None:
    told = in_source(NEEDED, type_, f'iso_url = "a.iso"\ncluster = "a"\nssh_username = "a"\n{body}')
    assert [it.message for it in told] == ([message] if message else [])
    what = "give `iso_checksum` a value" if body else "add `iso_checksum = …`"
    assert [it.hint for it in told] == ([what] if message else [])


def test_a_misspelled_argument_in_a_block_stands_for_the_missing_one() -> None:
    body = 'instance_type = "a"\nssh_username = "a"\nsource_ami_filter {{\n  {} = ["self"]\n}}'
    assert not in_source(NEEDED, "amazon-ebs", body.format("owner"))
    assert len(in_source(NEEDED, "amazon-ebs", body.format("sort"))) == 1


def test_a_vm_from_an_iso_of_the_datastore_needs_no_checksum() -> None:
    body = 'iso_paths = ["[ds] a.iso"]\ncluster = "a"\nssh_username = "a"'
    assert not in_source(NEEDED, "vsphere-iso", body)


def test_an_unknown_condition_says_nothing() -> None:
    assert not in_source(
        NEEDED, "qemu", 'iso_url = "a"\niso_checksum = "none"\ncommunicator = var.by', 'variable "by" {}'
    )


# Conflicts and values


def test_a_conflict_is_told_at_the_later_argument_with_the_other_one() -> None:
    (one,) = in_source(CONFLICT, "qemu", 'iso_urls = ["a"]\nssh_username = "a"\niso_url = "a"')
    assert one.message == "`iso_url` and `iso_urls` exclude each other in builder `qemu`"
    assert (one.range.text, [it.range.text for it in one.related]) == ("iso_url", ["iso_urls"])


def test_a_block_that_may_not_be_there_is_in_no_conflict() -> None:
    assert in_source(CONFLICT, "linode", "boot_size = 1024\ndisk {\n  size = 1\n}")
    made = 'boot_size = 1024\ndynamic "disk" {\n  for_each = var.x\n  content {\n    size = 1\n  }\n}'
    assert not in_source(CONFLICT, "linode", made, 'variable "x" {}')
    assert in_source(CONFLICT, "linode", made, 'variable "x" {\n  default = [1]\n}')


def test_a_value_that_may_be_a_secret_is_not_spelled_out() -> None:
    rest = 'variable "x" {\n  default = "hunter2"\n  sensitive = true\n}'
    (one,) = in_source(VALUE, "qemu", "communicator = var.x", rest)
    shown = [
        one.message,
        one.hint or "",
        *(it.message for it in one.related),
        *(it.range.text for it in one.related),
    ]
    assert not any("hunter2" in text for text in shown)


@pytest.mark.parametrize("value", ["10s", "1h30m", "-1s", "500ms", "0", "{{ user `x` }}", ""])
def test_durations(value: str) -> None:
    assert not in_source(DURATION, "qemu", f'boot_wait = "{value}"')


@pytest.mark.parametrize("value", ["10", "10 s", "1d", "soon"])
def test_no_durations(value: str) -> None:
    (one,) = in_source(DURATION, "qemu", f'boot_wait = "{value}"')
    assert one.message == '`boot_wait` takes a duration such as "10s" or "1h30m"'
    assert value not in one.message.replace("10s", "")


def test_a_duration_without_a_unit() -> None:
    for value in ('"5"', "5"):
        (one,) = in_source(DURATION, "qemu", f"boot_wait = {value}")
        assert one.hint is not None and one.hint.startswith("give it a unit")


def test_one_of_few_words_in_a_list() -> None:
    step = 'post-processor "checksum" {\n  checksum_types = ["md5", "sha265", var.x]\n}'
    (one,) = in_step(VALUE, step, 'variable "x" {}')
    assert one.message.startswith('an element of `checksum_types` takes "md5", "sha1"')


def test_one_of_few_words() -> None:
    (one,) = in_source(VALUE, "qemu", 'communicator = "SSH"')
    assert one.hint == 'did you mean "ssh"?'
    assert 'communicator = "ssh"' in fixed(one)


# Strings


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('headless = "1"', "headless = true"),
        ('memory = "2048"', "memory = 2048"),
        ('cpus = ("2")', "cpus = (2)"),
    ],
)
def test_quotes_that_can_go(written: str, wanted: str) -> None:
    (one,) = in_source(STRINGLY, "qemu", written)
    assert (one.severity.value, one.fix is not None and one.fix.safe) == ("note", True)
    assert wanted in fixed(one)


@pytest.mark.parametrize("body", ["memory = var.x", 'memory = "${var.x}"', 'memory = "${var.x}0"'])
def test_strings_that_are_not_written_there(body: str) -> None:
    assert not in_source(STRINGLY, "qemu", body, 'variable "x" {\n  default = "2048"\n}')


def test_the_second_block_of_one_that_stands_once() -> None:
    (one,) = in_source(REPEATED, "amazon-ebs", "source_ami_filter {\n}\nsource_ami_filter {\n}")
    assert one.message == (
        "this is the second `source_ami_filter` in builder `amazon-ebs`, which takes one only"
    )
    two = "".join(
        f'dynamic "source_ami_filter" {{\n  for_each = {each}\n  content {{}}\n}}\n'
        for each in ("var.a", "var.b")
    )
    assert not in_source(REPEATED, "amazon-ebs", two, 'variable "a" {}\nvariable "b" {}')


def test_what_packer_reads_of_a_step_is_meant_too() -> None:
    (one,) = in_step(UNKNOWN, 'post-processor "manifest" {\n  keep_input_artefact = true\n}')
    assert one.hint == "did you mean `keep_input_artifact`?"
    assert "keep_input_artifact = true" in fixed(one)


def test_a_condition_about_one_of_the_two_is_shown_once() -> None:
    (one,) = in_source(CONFLICT, "amazon-ebs", 'spot_price = "auto"\nena_support = true')
    assert [it.range.text for it in one.related] == ["spot_price"]


def test_names_that_mean_nothing_cost_little() -> None:
    body = "".join(f"isourl{number} = 1\n" for number in range(500))
    diagnostics = in_source(UNKNOWN, "qemu", body)
    assert len(diagnostics) == 500
    assert sum(it.hint is not None for it in diagnostics) <= 20


def test_no_fix_gives_an_argument_a_second_time() -> None:
    twice = 'source_ami_filter = {\n  owners = ["a"]\n  owners = ["b"]\n}'
    (one,) = in_source("argument-block-shape", "amazon-ebs", twice)
    assert one.fix is None
    step = 'post-processor "manifest" {\n  keep_input_artefact = true\n  keep_input_artifact = true\n}'
    (one,) = in_step(UNKNOWN, step)
    assert one.fix is None
