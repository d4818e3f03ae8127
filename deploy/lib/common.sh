# What up, status and down share: options, the AWS CLI called with care, requests filled in, JSON compared.
# Sourced; the caller has set `command` and `summary`.

set -uo pipefail
export LC_ALL=C AWS_PAGER="" AWS_CLI_AUTO_PROMPT=off

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

usage() {
  cat <<TEXT
Usage: deploy/$command [options]
$summary

  --endpoint-url URL   where AWS answers (\$AWS_ENDPOINT_URL; AWS itself unless said)
  --region REGION      (\$AWS_REGION, \$AWS_DEFAULT_REGION, the profile's; us-east-1 unless said)
  --profile NAME       an AWS CLI profile (\$AWS_PROFILE)
  --prefix NAME        names the deployment (\$EVENT_PIPELINE_PREFIX; event-pipeline unless said)
  --packages DIR       where collect_to_s3.zip and parse_validate.zip are (\$EVENT_PIPELINE_PACKAGES; where deploy/package puts them unless said)
  --architecture WHICH x86_64 or arm64: of the packages (\$EVENT_PIPELINE_ARCHITECTURE; x86_64 unless said)
  --settings FILE      retention, thresholds, … (\$EVENT_PIPELINE_SETTINGS; deploy/settings.json unless said)
${more_options:-}  --help               this text
See deploy/README.md.
TEXT
}

# die WHAT HOW-TO-GO-ON
die() {
  printf '\ndeploy/%s: %s\n' "$command" "$1" >&2
  [ -n "${2:-}" ] && printf '  what to do: %s\n' "$2" >&2
  exit 1
}

endpoint=${AWS_ENDPOINT_URL:-}
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
prefix=${EVENT_PIPELINE_PREFIX:-event-pipeline}
packages=${EVENT_PIPELINE_PACKAGES:-}
architecture=${EVENT_PIPELINE_ARCHITECTURE:-x86_64}
settings=${EVENT_PIPELINE_SETTINGS:-$root/deploy/settings.json}
delete_data=no
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --endpoint-url | --region | --profile | --prefix | --packages | --architecture | --settings)
      [ $# -ge 2 ] || die "$1 needs a value" "deploy/$command --help"
      case $1 in
        --endpoint-url) endpoint=$2 ;;
        --region) region=$2 ;;
        --profile) export AWS_PROFILE=$2 ;;
        --prefix) prefix=$2 ;;
        --packages) packages=$2 ;;
        --architecture) architecture=$2 ;;
        --settings) settings=$2 ;;
      esac
      shift 2 ;;
    --data)
      [ "$command" = down ] || die "unknown option $1" "deploy/$command --help"
      delete_data=yes
      shift ;;
    *) die "unknown option $1" "deploy/$command --help" ;;
  esac
done
[[ $prefix =~ ^[a-z][a-z0-9-]{1,25}[a-z0-9]$ ]] ||
  die "the prefix '$prefix' can't begin a bucket's name" "use 3 to 27 of a-z, 0-9 and '-', a letter first"
case $architecture in
  x86_64) packages=${packages:-$root/dist} ;;
  arm64) packages=${packages:-$root/dist/arm64} ;;
  *) die "the architecture '$architecture' is not one of Lambda's" "use x86_64 or arm64" ;;
esac
command -v aws >/dev/null || die "the AWS CLI isn't installed" "apt-get install awscli, or https://aws.amazon.com/cli/"

# --- the AWS CLI ---------------------------------------------------------------------------------------------------------

# Older CLIs learn the one member that they don't know; the models of newer ones are their own.
cli_version=$(aws --version 2>&1 | sed -E 's|^aws-cli/([0-9]+\.[0-9]+).*|\1|')
case $cli_version in
  2.[0-9] | 2.[12][0-9] | 2.3[01] | 1.[0-9] | 1.[123][0-9] | 1.4[0-2]) export AWS_DATA_PATH=$root/deploy/models ;;
esac

cli_options=(--output json)
[ -n "$endpoint" ] && cli_options+=(--endpoint-url "$endpoint")
unset AWS_ENDPOINT_URL

# attempt SERVICE OPERATION [ARGUMENT...]: the answer in $work/out. On refusal 1, with AWS's code in $code and its words in $message.
attempt() {
  code="" message=""
  if aws "${cli_options[@]}" --region "$region" "$@" >"$work/out" 2>"$work/err" </dev/null; then return 0; fi
  message=$(tr '\n' ' ' <"$work/err" | sed -E 's/^ +//; s/ +$//')
  code=$(sed -nE 's/.*An error occurred \(([^)]*)\).*/\1/p' "$work/err" | head -n 1)
  return 1
}

# What a person can do about AWS's code.
advice() {
  case $code in
    AccessDenied | AccessDeniedException | UnauthorizedOperation | AuthorizationError)
      echo "let $caller_arn do this, or use another profile (--profile)" ;;
    InvalidClientTokenId | UnrecognizedClientException | SignatureDoesNotMatch | InvalidAccessKeyId | ExpiredToken | ExpiredTokenException)
      echo "check the credentials: aws sts get-caller-identity${endpoint:+ --endpoint-url $endpoint}" ;;
    BucketAlreadyExists) echo "bucket names are shared by all of AWS: choose another --prefix" ;;
    *Throttl* | TooManyRequestsException | SlowDown | ServiceUnavailable* | InternalError | InternalFailure | ServiceException)
      echo "AWS is busy: start deploy/$command again; it goes on where it stopped" ;;
    "")
      case $message in
        *"Could not connect"* | *"timed out"* | *"timeout"*)
          echo "see that ${endpoint:-AWS} answers; --endpoint-url names another endpoint" ;;
        *credentials*) echo "set AWS_PROFILE or --profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" ;;
        *) echo "mend the request, then start deploy/$command again" ;;
      esac ;;
    *) echo "mend what AWS names, then start deploy/$command again; it goes on where it stopped" ;;
  esac
}

# call SERVICE OPERATION [ARGUMENT...]: as attempt, but a refusal ends the script.
call() {
  attempt "$@" && return 0
  die "${request_file:+deploy/requests/$request_file: }aws $1 $2 was refused
  ${message:-without a word}" "$(advice)"
}

# look CODES SERVICE OPERATION [ARGUMENT...]: 0 there is one (its description in $work/now.json), 1 there is none.
look() {
  local absent=" $1 "
  shift
  if attempt "$@"; then
    cp "$work/out" "$work/now.json"
    [ -s "$work/now.json" ] && [ "$(cat "$work/now.json")" != null ]
    return
  fi
  case $absent in *" ${code:-none} "*) return 1 ;; esac
  die "aws $1 $2 was refused
  ${message:-without a word}" "$(advice)"
}

# patiently REFUSALS SERVICE OPERATION [ARGUMENT...]: calls again for up to a minute while AWS, which is eventually consistent, refuses with one
# of those words, as it does when a role was made a moment ago.
patiently() {
  local refusals=$1 until=$((SECONDS + 60))
  shift
  while ! attempt "$@"; do
    [[ $message =~ $refusals ]] && [ $SECONDS -lt $until ] ||
      die "${request_file:+deploy/requests/$request_file: }aws $1 $2 was refused
  ${message:-without a word}" "$(advice)"
    sleep 2
  done
}

# --- JSON ----------------------------------------------------------------------------------------------------------------

json() {
  local mode=$1
  shift
  awk -f "$root/deploy/lib/json.awk" -v mode="$mode" "$@"
}

flat() { json flat "$1" | sort; }

# differences WANTED NOW [exact]: one line for each path of WANTED that NOW holds otherwise; with exact, for each that only NOW holds, too.
# Without it AWS may have added members of its own, except among the names that are ours to choose.
differences() {
  flat "$1" | { if [ "${3:-}" = exact ]; then cat; else grep -v $'/{}\t' | cat - <(flat "$1" | grep $'/Variables/{}\t'); fi } | sort >"$work/wanted.flat"
  flat "$2" >"$work/now.flat"
  comm -23 "$work/wanted.flat" "$work/now.flat" >"$work/changed.flat"
  if [ "${3:-}" = exact ]; then
    comm -13 "$work/wanted.flat" "$work/now.flat" >>"$work/changed.flat"
  fi
  cut -f 1 "$work/changed.flat" | sed -E 's#/(\{\}|\[\])$##' | sort -u
}

as_json_string() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "$text"
}

# --- requests ------------------------------------------------------------------------------------------------------------

# fill TEXT: its placeholders replaced.
fill() {
  local text=$1 name
  for name in "${!placeholder[@]}"; do
    text=${text//"\${$name}"/"${placeholder[$name]}"}
  done
  printf '%s' "$text"
}

# render FILE: the request, filled in, in $work/request.json; each blob's file in $blob.
render() {
  local text reference file part
  request_file=$1 blob=""
  text=$(json text "$root/deploy/requests/$1") || die "deploy/requests/$1 isn't JSON" "mend it"
  text=$(fill "$text")
  while [[ $text =~ \"@(json|text|bytes|random):([^\"#]*)(#([^\"]*))?\" ]]; do
    reference=${BASH_REMATCH[0]} file=${BASH_REMATCH[2]} part=${BASH_REMATCH[4]}
    if [ "${BASH_REMATCH[1]}" = random ]; then
      head -c "$file" /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$work/blob"
      blob=$work/blob
      text=${text//"$reference"/null}
      continue
    fi
    [[ $file = /* ]] || file=$root/$file
    [ -r "$file" ] || die "deploy/requests/$1 refers to $file, which isn't there" \
      "$([[ $file = *.zip ]] && echo "build the packages (deploy/package), or say where they are: --packages" || echo "mend the request")"
    case ${BASH_REMATCH[1]} in
      json)
        fill "$(cat "$file")" >"$work/reference.json"
        part=$(if [ -n "$part" ]; then json part -v path="$part" "$work/reference.json"; else json text "$work/reference.json"; fi)
        [ -n "$part" ] || die "deploy/requests/$1: $reference: no such part" "mend the request"
        text=${text//"$reference"/"$(as_json_string "$part")"} ;;
      text)
        fill "$(cat "$file")" >"$work/blob"
        echo >>"$work/blob"
        blob=$work/blob
        text=${text//"$reference"/null} ;;
      bytes)
        blob=$file
        text=${text//"$reference"/null} ;;
    esac
  done
  # A number stands without its quotes; where there is none, null.
  sed -E 's/"@number:"/null/g; s/"@number:([^"]*)"/\1/g' <<<"$text" >"$work/request.json"
}

# without NAMES: the request without those members, in $work/input.json, as an argument for the CLI.
without() {
  json drop -v names=",$1," "$work/request.json" >"$work/input.json"
  echo "file://$work/input.json"
}

# member PATH: a member of the request, a string without its quotes.
member() { json part -v path="/$1" "$work/request.json" | sed -E 's/^"(.*)"$/\1/'; }

# wanted_text PATH: the JSON document that a member of the request holds as a string.
wanted_text() { member "$1" | sed -E 's/\\(["\\])/\1/g'; }

# --- who and where -------------------------------------------------------------------------------------------------------

if [ -z "$region" ]; then region=$(aws configure get region 2>/dev/null || true); fi
region=${region:-us-east-1}
caller_arn="the caller"
request_file=""
call sts get-caller-identity
account=$(sed -nE 's/.*"Account": *"([0-9]+)".*/\1/p' "$work/out")
caller_arn=$(sed -nE 's/.*"Arn": *"([^"]+)".*/\1/p' "$work/out")
[[ $account =~ ^[0-9]{12}$ ]] || die "sts get-caller-identity names no account" "see that ${endpoint:-AWS} is an AWS endpoint"

declare -A placeholder=(
  [AccountId]=$account [Region]=$region [Prefix]=$prefix [NamePrefix]="$prefix-" [Bucket]=$prefix-$account-$region
  [Architecture]=$architecture [Packages]=$packages [WriteKeySha256]="" [Schema]="")
[ "$prefix" = event-pipeline ] && placeholder[NamePrefix]=""

# Each setting is a placeholder; EVENT_PIPELINE_RAW_DAYS goes before the file's RawDays.
read_settings() {
  local path value name variable
  [ -r "$settings" ] || die "the settings $settings aren't there" "copy deploy/settings.json there, or leave --settings out"
  flat "$settings" >"$work/settings.flat" 2>/dev/null || die "$settings isn't JSON" "mend it; deploy/settings.json shows the form"
  while IFS=$'\t' read -r path value; do
    name=${path#/}
    [[ $name =~ ^[A-Z][A-Za-z]+$ ]] || continue
    value=${value#\"} value=${value%\"}
    [ "$value" != null ] || value=""
    variable=EVENT_PIPELINE_$(sed -E 's/([a-z])([A-Z])/\1_\2/g' <<<"$name" | tr '[:lower:]' '[:upper:]')
    placeholder[$name]=${!variable-$value}
    [[ ${placeholder[$name]} =~ ^[A-Za-z0-9.]*$ ]] || die "the setting $name is '${placeholder[$name]}'" "give it a number, a word or nothing"
  done <"$work/settings.flat"
}
read_settings
bucket=${placeholder[Bucket]} name_prefix=${placeholder[NamePrefix]}
