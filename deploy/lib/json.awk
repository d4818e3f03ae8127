# Reads one JSON document and answers one question about it, so that the scripts need nothing but bash, awk and the AWS CLI.
#
#   awk -f json.awk -v mode=flat           one line a leaf: path <TAB> value; an array's and an object's count too, sorted by the caller
#   awk -f json.awk -v mode=text           the document on one line, without blanks between tokens
#   awk -f json.awk -v mode=part -v path=/collect_to_s3/trust
#                                          the text of that part alone, on one line; nothing where it is absent
#   awk -f json.awk -v mode=drop -v names=,Code,Tags,
#                                          as text, without those members of the outermost object
#
# Exit status 2 with a word on standard error where the input is not JSON.

function refuse(what) {
  if (failed) return
  failed = 1
  print "not JSON: " what " at character " at > "/dev/stderr"
}

function blank() { while (at <= length(text) && index(" \t\r\n", substr(text, at, 1))) at++ }

# The string literal at `at`, quotes included.
function string_literal(  rest, from) {
  from = at
  rest = substr(text, at)
  if (match(rest, /^"([^"\\]|\\.)*"/) == 0) { refuse("an unfinished string"); at = length(text) + 1; return "" }
  at += RLENGTH
  return substr(text, from, RLENGTH)
}

# Walks the value at `at`, writes its leaves under `where`, and returns its text without blanks.
function value(where,  c, rest, result, member, count, written, name, key) {
  blank()
  c = substr(text, at, 1)
  if (failed || c == "") { refuse("an unfinished value"); return "" }
  if (c == "{" || c == "[") {
    at++
    result = c
    count = 0
    written = 0
    blank()
    while (!failed && !index("}]", substr(text, at, 1))) {
      if (count) {
        if (substr(text, at, 1) != ",") { refuse("a missing comma"); break }
        at++
        blank()
      }
      if (c == "{") {
        key = string_literal()
        name = substr(key, 2, length(key) - 2)
        blank()
        if (substr(text, at, 1) != ":") { refuse("a missing colon"); break }
        at++
      } else {
        name = count
      }
      member = value(where "/" name)
      if (!(mode == "drop" && where == "" && index(names, "," name ","))) {
        result = result (written++ ? "," : "") (c == "{" ? key ":" : "") member
      }
      count++
      blank()
    }
    if (!failed && substr(text, at, 1) != (c == "{" ? "}" : "]")) refuse("an unfinished value")
    result = result (c == "{" ? "}" : "]")
    at++
    if (mode == "flat") print where (c == "{" ? "/{}" : "/[]") "\t" count
  } else if (c == "\"") {
    result = string_literal()
    if (mode == "flat") print where "\t" result
  } else {
    rest = substr(text, at)
    if (match(rest, /^[-+.0-9a-zA-Z]+/) == 0) { refuse("an odd character"); return "" }
    result = substr(rest, 1, RLENGTH)
    at += RLENGTH
    # 5 and 5.0 are the same number.
    if (mode == "flat") {
      if (result ~ /^-?[0-9]+\.0+$/) sub(/\.0+$/, "", result)
      print where "\t" result
    }
  }
  if (mode == "part" && where == path) print result
  return result
}

{ text = text $0 "\n" }

END {
  at = 1
  whole = value("")
  blank()
  if (at <= length(text)) refuse("something after the document")
  if (failed) exit 2
  if (mode == "text" || mode == "drop") print whole
}
