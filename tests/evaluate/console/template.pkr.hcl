variable "word" {
  type    = string
  default = "word"
}

variable "port" {
  type    = number
  default = 22
}

locals {
  text    = "text"
  digits  = "12"
  yes     = "true"
  number  = 5
  half    = 0.5
  on      = true
  nothing = null
  tuple   = ["a", 1, true]
  words   = ["b", "a", "c"]
  object  = { b = 1, a = "x" }
  objects = [{ n = 1, m = "x" }, { n = 2, m = "y" }]
  nested  = [{ l = [{ v = 1 }, { v = 2 }] }, { l = [] }]
  list    = convert(["b", "a"], list(string))
  numbers = convert([3, 1, 2], list(number))
  set     = convert(["b", "a", "b"], set(string))
  map     = convert({ k = "v", j = "w" }, map(string))
  none    = convert([], list(string))
  rows    = convert([{ n = 1 }, { n = 2 }], list(object({ n = number })))
  by_name = convert({ x = { n = 1 }, w = { n = 2 } }, map(object({ n = number })))

  samples = [1, 0.5, "2", "x", "", true, "true", null, [1], { a = 1 }, ["a"], {}, []]

  no_string = convert(null, string)
  no_number = convert(null, number)
  no_bool   = convert(null, bool)
  no_list   = convert(null, list(string))
  no_set    = convert(null, set(string))
  no_map    = convert(null, map(string))
  no_object = convert(null, object({ a = string }))
  no_tuple  = convert(null, tuple([string]))

  heredoc = <<EOT
one
  two ${local.text} $${kept} %%{kept}
EOT
  flush = <<-EOT
      one
        two
      three
  EOT
  flush_blank = <<-EOT
      one

        two
  EOT
  flush_tabs = <<-EOT
		one
			two
	EOT
  flush_interpolated = <<-EOT
      ${local.text}
        a ${local.text}
    b
  EOT
  flush_directive = <<-EOT
      %{ for word in local.words ~}
      - ${word}
      %{ endfor ~}
      end
  EOT
  directive = <<EOT
%{ if local.on }
yes
%{ else }
no
%{ endif }
EOT
  stripped = <<EOT
%{ if local.on ~}
  yes
%{~ else ~}
  no
%{~ endif ~}
  end
EOT
  loop = <<EOT
%{ for index, word in local.words }${index}=${word},%{ endfor }
EOT
  loop_stripped = <<EOT
[
  %{~ for word in local.words ~}
  ${word},
  %{~ endfor ~}
]
EOT
  backslash = <<EOT
a\n"b" \u00e9 \x
EOT
  only_value = <<EOT
${local.number}
EOT
  flush_from_left = <<-EOT
one
      two
EOT
  empty_heredoc = <<EOT
EOT
  flush_nested = <<-EOT
      %{ if local.on }
        in
      %{ endif }
      out
  EOT
}
