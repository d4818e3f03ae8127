# How each request of deploy/requests is brought about: describe, then create, update, or leave. One function for each operation, called with the
# request rendered. Sourced by up (which acts) and status (which only says what up would do).

created=0 updated=0 unchanged=0

# report WORD RESOURCE [DETAILS]
report() {
  printf '%-10s %s%s\n' "$1" "$2" "${3:+: $3}"
}

# plan create|update RESOURCE [DIFFERENCES]: 0 where the caller should act, 1 where this is only a look.
plan() {
  local details
  details=$(printf '%s' "${3:-}" | head -n 4 | tr '\n' ' ' | sed -E 's/ $//')
  case $1 in create) created=$((created + 1)) ;; update) updated=$((updated + 1)) ;; esac
  if [ "$command" = status ]; then
    case $1 in create) report absent "$2" ;; update) report differs "$2" "$details" ;; esac
    return 1
  fi
  case $1 in create) report created "$2" ;; update) report updated "$2" "$details" ;; esac
}

leave() {
  unchanged=$((unchanged + 1))
  if [ "$command" = status ]; then report "there" "$1"; else report unchanged "$1"; fi
}

# differs RESOURCE NOW WANTED [exact]: 0 where the two differ and the caller should update.
differs() {
  local differences
  differences=$(differences "$3" "$2" "${4:-}")
  [ -n "$differences" ] || { leave "$1"; return 1; }
  plan update "$1" "$differences"
}

# ours RESOURCE: the last answer must carry our tag, in any of the forms in which AWS's services answer tags.
ours() {
  local tags
  tags=$(json text "$work/out" | tr -d ' ')
  case $tags in
    *"\"event-pipeline\":\"$prefix\""* | *"\"Key\":\"event-pipeline\",\"Value\":\"$prefix\""* | *"\"Value\":\"$prefix\",\"Key\":\"event-pipeline\""* | \
      *"\"key\":\"event-pipeline\",\"value\":\"$prefix\""* | *"\"value\":\"$prefix\",\"key\":\"event-pipeline\""*) return 0 ;;
  esac
  return 1
}

require_ours() {
  ours && return 0
  die "there is already $1, and it isn't ours: it has no tag event-pipeline=$prefix" \
    "choose another --prefix, or remove it; if it is ours, give it that tag"
}

can_not_update() {
  if [ "$command" = status ]; then
    updated=$((updated + 1))
    report differs "$1" "$(tr '\n' ' ' <<<"$2")(not to be updated in place: $3)"
    return
  fi
  die "$1 differs where it can't be updated in place: $(tr '\n' ' ' <<<"$2")" "$3"
}

input() { echo "file://$work/request.json"; }

# --- S3 ------------------------------------------------------------------------------------------------------------------

# What S3 says of a name whose bucket was deleted a moment ago.
just_deleted="OperationAborted|conflicting conditional operation"

bucket_is_there=no
s3api_create_bucket() {
  local name="bucket $bucket"
  if attempt s3api head-bucket --bucket "$bucket"; then
    bucket_is_there=yes
    look "NoSuchTagSet" s3api get-bucket-tagging --bucket "$bucket" || : >"$work/out"
    require_ours "a $name"
    leave "$name"
    return
  fi
  case $message in
    *404* | *"Not Found"*) ;;
    *403* | *Forbidden*) die "there is already a $name, and it isn't ours" "choose another --prefix" ;;
    *) die "aws s3api head-bucket was refused
  $message" "$(advice)" ;;
  esac
  plan create "$name" || return
  # Between these two requests the bucket would be nobody's: they are not interrupted.
  trap '' INT TERM
  if [ "$region" = us-east-1 ]; then
    patiently "$just_deleted" s3api create-bucket --cli-input-json "$(without CreateBucketConfiguration)"
  else
    patiently "$just_deleted" s3api create-bucket --cli-input-json "$(input)"
  fi
  render 11.s3api.put-bucket-tagging.json
  call s3api put-bucket-tagging --cli-input-json "$(input)"
  trap 'exit 130' INT TERM
  bucket_is_there=yes
}

# Done together with the bucket.
s3api_put_bucket_tagging() { :; }

# bucket_setting NAME GET PUT ABSENT QUERY MEMBER
bucket_setting() {
  if [ $bucket_is_there = no ]; then plan create "$1"; return; fi
  json part -v path="/$6" "$work/request.json" >"$work/wanted.json"
  if look "$4" s3api "$2" --bucket "$bucket" --query "$5"; then
    differs "$1" "$work/now.json" "$work/wanted.json" || return
  else
    plan create "$1" || return
  fi
  call s3api "$3" --cli-input-json "$(input)"
}
s3api_put_public_access_block() {
  bucket_setting "bucket's public access block" get-public-access-block put-public-access-block \
    NoSuchPublicAccessBlockConfiguration PublicAccessBlockConfiguration PublicAccessBlockConfiguration
}
s3api_put_bucket_encryption() {
  bucket_setting "bucket's encryption" get-bucket-encryption put-bucket-encryption \
    ServerSideEncryptionConfigurationNotFoundError ServerSideEncryptionConfiguration ServerSideEncryptionConfiguration
}
s3api_put_bucket_lifecycle_configuration() {
  bucket_setting "bucket's lifecycle" get-bucket-lifecycle-configuration put-bucket-lifecycle-configuration \
    NoSuchLifecycleConfiguration "{Rules: Rules}" LifecycleConfiguration
}

s3api_put_object() {
  local key name
  key=$(member Key)
  name="object $key"
  if [ $bucket_is_there = yes ] && attempt s3api get-object --bucket "$bucket" --key "$key" "$work/object"; then
    if [[ $key = config/* ]] || cmp -s "$work/object" "$blob"; then leave "$name"; return; fi
    plan update "$name" || return
  else
    case $bucket_is_there/$code in
      no/* | */NoSuchKey | */404) ;;
      *) die "aws s3api get-object of $key was refused
  $message" "$(advice)" ;;
    esac
    plan create "$name" || return
    if [ "$key" = config/write_keys.json ]; then
      make_write_key
      render "$request_file"
    fi
  fi
  call s3api put-object --cli-input-json "$(without Body)" --body "$blob"
}

write_key=""
make_write_key() {
  local file=$root/data/deployed/$prefix.$account.$region.write_key
  write_key=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  placeholder[WriteKeySha256]=$(printf %s "$write_key" | sha256sum | cut -d ' ' -f 1)
  mkdir -p "$(dirname "$file")" && (umask 077 && printf '%s\n' "$write_key" >"$file") ||
    die "the write key can't be kept in $file" "make the folder writable"
}

# --- CloudWatch Logs -----------------------------------------------------------------------------------------------------

logs_create_log_group() {
  local group name
  group=$(member logGroupName)
  name="log group $group"
  if look "" logs describe-log-groups --log-group-name-prefix "$group" --query "logGroups[?logGroupName=='$group'] | [0]"; then
    call logs list-tags-for-resource --resource-arn "arn:aws:logs:$region:$account:log-group:$group"
    require_ours "a $name"
    leave "$name"
  elif plan create "$name"; then
    call logs create-log-group --cli-input-json "$(input)"
  fi
}
logs_put_retention_policy() {
  local group name
  group=$(member logGroupName)
  name="retention of $group"
  look "" logs describe-log-groups --log-group-name-prefix "$group" --query "logGroups[?logGroupName=='$group'] | [0]" || echo '{}' >"$work/now.json"
  if differs "$name" "$work/now.json" "$work/request.json"; then call logs put-retention-policy --cli-input-json "$(input)"; fi
}

# --- IAM -----------------------------------------------------------------------------------------------------------------

iam_create_role() {
  local role name
  role=$(member RoleName)
  name="role $role"
  if look NoSuchEntity iam get-role --role-name "$role"; then
    require_ours "a $name"
    wanted_text AssumeRolePolicyDocument >"$work/wanted.json"
    json part -v path=/Role/AssumeRolePolicyDocument "$work/now.json" >"$work/trust.json"
    if differs "$name" "$work/trust.json" "$work/wanted.json" exact; then
      call iam update-assume-role-policy --role-name "$role" --policy-document "file://$work/wanted.json"
    fi
  elif plan create "$name"; then
    call iam create-role --cli-input-json "$(input)"
    call iam wait role-exists --role-name "$role"
  fi
}
iam_put_role_policy() {
  local role name
  role=$(member RoleName)
  name="permissions of $role"
  if look NoSuchEntity iam get-role-policy --role-name "$role" --policy-name "$(member PolicyName)" --query PolicyDocument; then
    wanted_text PolicyDocument >"$work/wanted.json"
    differs "$name" "$work/now.json" "$work/wanted.json" exact || return
  else
    plan create "$name" || return
  fi
  call iam put-role-policy --cli-input-json "$(input)"
}

# --- DynamoDB ------------------------------------------------------------------------------------------------------------

dynamodb_create_table() {
  local table name differences
  table=$(member TableName)
  name="table $table"
  if look ResourceNotFoundException dynamodb describe-table --table-name "$table" --query \
    "Table.{TableName: TableName, BillingMode: BillingModeSummary.BillingMode, AttributeDefinitions: sort_by(AttributeDefinitions, &AttributeName), KeySchema: KeySchema, GlobalSecondaryIndexes: sort_by(GlobalSecondaryIndexes || \`[]\`, &IndexName)}"; then
    call dynamodb list-tags-of-resource --resource-arn "arn:aws:dynamodb:$region:$account:table/$table"
    require_ours "a $name"
    without Tags >/dev/null
    differences=$(differences "$work/input.json" "$work/now.json")
    if [ -z "$differences" ]; then leave "$name"; return; fi
    can_not_update "$name" "$differences" \
      "undo the change in deploy/requests/$request_file, or take the table away with its events (deploy/down --data) and replay the raw objects into a new one"
  elif plan create "$name"; then
    call dynamodb create-table --cli-input-json "$(input)"
    call dynamodb wait table-exists --table-name "$table"
  fi
}
dynamodb_update_time_to_live() {
  local table
  table=$(member TableName)
  look ResourceNotFoundException dynamodb describe-time-to-live --table-name "$table" --query \
    "{TableName: '$table', TimeToLiveSpecification: {Enabled: contains(['ENABLED', 'ENABLING'], TimeToLiveDescription.TimeToLiveStatus), AttributeName: TimeToLiveDescription.AttributeName}}" ||
    echo '{}' >"$work/now.json"
  if differs "expiry of $table" "$work/now.json" "$work/request.json"; then
    call dynamodb update-time-to-live --cli-input-json "$(input)"
  fi
}
dynamodb_update_continuous_backups() {
  local table
  table=$(member TableName)
  look "ResourceNotFoundException TableNotFoundException" dynamodb describe-continuous-backups --table-name "$table" --query \
    "{TableName: '$table', PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == 'ENABLED'}}" ||
    echo '{}' >"$work/now.json"
  if differs "point-in-time recovery of $table" "$work/now.json" "$work/request.json"; then
    patiently "ContinuousBackupsUnavailable" dynamodb update-continuous-backups --cli-input-json "$(input)"
  fi
}

# --- Lambda --------------------------------------------------------------------------------------------------------------

# What Lambda says while an earlier change of a function, perhaps of a run that was interrupted, is still under way.
under_way="is in progress|state: Pending|Pending state|InProgress"

# The SHA-256 of a file as Lambda tells it, in base64.
code_sha256() { printf '%b' "$(sha256sum "$1" | cut -d ' ' -f 1 | sed -E 's/../\\x&/g')" | base64; }

lambda_create_function() {
  local function name package changed=no
  function=$(member FunctionName)
  name="function $function"
  package=$blob
  if ! look ResourceNotFoundException lambda get-function --function-name "$function"; then
    plan create "$name" || return
    patiently "cannot be assumed|role defined for the function|KMS" \
      lambda create-function --cli-input-json "$(without Code)" --zip-file "fileb://$package"
    call lambda wait function-active --function-name "$function"
    return
  fi
  require_ours "a $name"
  json part -v path=/Configuration "$work/now.json" >"$work/configuration.json"
  without Code,Tags,Architectures >/dev/null
  if [ -n "$(differences "$work/input.json" "$work/configuration.json")" ]; then
    changed=yes
    if plan update "$name" "$(cat "$work/changed.flat" | cut -f 1)"; then
      patiently "$under_way" lambda update-function-configuration --cli-input-json "file://$work/input.json"
      call lambda wait function-updated --function-name "$function"
    fi
  fi
  if [ "\"$(code_sha256 "$package")\"" != "$(json part -v path=/CodeSha256 "$work/configuration.json")" ]; then
    changed=yes
    if plan update "$name" "its code"; then
      patiently "$under_way" lambda update-function-code --function-name "$function" --architectures "$architecture" --zip-file "fileb://$package"
      call lambda wait function-updated --function-name "$function"
    fi
  fi
  [ $changed = yes ] || leave "$name"
}

# Small accounts have too little concurrency to reserve any: it is left as it is unless a setting says how much.
lambda_put_function_concurrency() {
  local function wanted name
  function=$(member FunctionName)
  wanted=$(member ReservedConcurrentExecutions)
  name="concurrency of $function"
  [ "$wanted" != null ] || return 0
  look ResourceNotFoundException lambda get-function-concurrency --function-name "$function" || echo '{}' >"$work/now.json"
  without FunctionName >/dev/null
  if differs "$name" "$work/now.json" "$work/input.json"; then patiently "$under_way" lambda put-function-concurrency --cli-input-json "$(input)"; fi
}

lambda_create_function_url_config() {
  local function
  function=$(member FunctionName)
  if look ResourceNotFoundException lambda get-function-url-config --function-name "$function"; then
    without FunctionName >/dev/null
    differs "URL of $function" "$work/now.json" "$work/input.json" || return
    call lambda update-function-url-config --cli-input-json "$(input)"
  elif plan create "URL of $function"; then
    call lambda create-function-url-config --cli-input-json "$(input)"
  fi
}

lambda_add_permission() {
  local function sid name statement condition=""
  function=$(member FunctionName)
  sid=$(member StatementId)
  name="permission $sid of $function"
  case $(member FunctionUrlAuthType)/$(member InvokedViaFunctionUrl) in
    NONE/*) condition='"lambda:FunctionUrlAuthType":"NONE"' ;;
    */true) condition='"lambda:InvokedViaFunctionUrl":"true"' ;;
  esac
  if look ResourceNotFoundException lambda get-policy --function-name "$function"; then
    json part -v path=/Policy "$work/now.json" | sed -E 's/^"(.*)"$/\1/; s/\\(["\\])/\1/g' >"$work/policy.json"
    statement=$(statement_of "$sid" | sed -E 's/("lambda:InvokedViaFunctionUrl":)true/\1"true"/')
    if [ -n "$statement" ]; then
      if [[ $statement = *"\"Action\":\"$(member Action)\""* && $statement = *"$condition"* ]]; then leave "$name"; return; fi
      plan update "$name" || return
      call lambda remove-permission --function-name "$function" --statement-id "$sid"
      call lambda add-permission --cli-input-json "$(input)"
      return
    fi
  fi
  plan create "$name" || return
  call lambda add-permission --cli-input-json "$(input)"
}

# statement_of SID: that statement of $work/policy.json, as text.
statement_of() {
  local index=0 text
  while text=$(json part -v path="/Statement/$index" "$work/policy.json") && [ -n "$text" ]; do
    [[ $text = *"\"Sid\":\"$1\""* ]] && { printf '%s' "$text"; return; }
    index=$((index + 1))
  done
}

# --- Step Functions ------------------------------------------------------------------------------------------------------

stepfunctions_create_state_machine() {
  local arn name differences
  name="state machine $(member name)"
  arn=arn:aws:states:$region:$account:stateMachine:$(member name)
  if ! look StateMachineDoesNotExist stepfunctions describe-state-machine --state-machine-arn "$arn"; then
    plan create "$name" || return
    patiently "is not authorized to|cannot be assumed|not authorized to access the Log Destination" \
      stepfunctions create-state-machine --cli-input-json "$(input)"
    return
  fi
  call stepfunctions list-tags-for-resource --resource-arn "$arn"
  require_ours "a $name"
  if [ "$(json part -v path=/type "$work/now.json")" != "\"$(member type)\"" ]; then
    can_not_update "$name" /type "undo the change in deploy/requests/$request_file, or deploy/down first (events are kept), then deploy/up"
    return
  fi
  without name,type,tags,definition >/dev/null
  wanted_text definition >"$work/wanted.json"
  json part -v path=/definition "$work/now.json" | sed -E 's/^"(.*)"$/\1/; s/\\n/ /g; s/\\(["\\])/\1/g' >"$work/definition.json"
  differences=$(differences "$work/input.json" "$work/now.json"; differences "$work/wanted.json" "$work/definition.json" exact)
  [ -n "$differences" ] || { leave "$name"; return; }
  plan update "$name" "$differences" || return
  call stepfunctions update-state-machine --cli-input-json "$(without name,type,tags)" --state-machine-arn "$arn"
}

# --- CloudWatch ----------------------------------------------------------------------------------------------------------

cloudwatch_put_dashboard() {
  local dashboard name
  dashboard=$(member DashboardName)
  name="dashboard $dashboard"
  if look "ResourceNotFound DashboardNotFoundError ResourceNotFoundException" cloudwatch get-dashboard --dashboard-name "$dashboard"; then
    # A dashboard has no tags: ours says whose it is in its first line.
    json part -v path=/DashboardBody "$work/now.json" | sed -E 's/^"(.*)"$/\1/; s/\\(["\\])/\1/g' >"$work/body.json"
    grep -q -F "# Event pipeline $prefix" "$work/body.json" ||
      die "there is already a $name, and it isn't ours: it doesn't say '# Event pipeline $prefix'" "choose another --prefix, or remove it"
    wanted_text DashboardBody >"$work/wanted.json"
    differs "$name" "$work/body.json" "$work/wanted.json" exact || return
  else
    plan create "$name" || return
  fi
  call cloudwatch put-dashboard --cli-input-json "$(input)"
}

cloudwatch_put_metric_alarm() {
  local alarm name
  alarm=$(member AlarmName)
  name="alarm $alarm"
  if look "" cloudwatch describe-alarms --alarm-names "$alarm" --query 'MetricAlarms[0]'; then
    call cloudwatch list-tags-for-resource --resource-arn "arn:aws:cloudwatch:$region:$account:alarm:$alarm"
    require_ours "an $name"
    without Tags >/dev/null
    if differs "$name" "$work/now.json" "$work/input.json"; then
      call cloudwatch put-metric-alarm --cli-input-json "file://$work/input.json"
    fi
  elif plan create "$name"; then
    call cloudwatch put-metric-alarm --cli-input-json "$(input)"
  fi
}

# --- all of them ---------------------------------------------------------------------------------------------------------

# bring_about FILE
bring_about() {
  local service operation
  IFS=. read -r _ service operation _ <<<"$1"
  render "$1"
  "${service}_${operation//-/_}"
}

bring_about_all() {
  local file schema
  for file in "$root"/deploy/requests/*.json; do
    file=${file##*/}
    if grep -q -F '${Schema}' "$root/deploy/requests/$file"; then
      for schema in "$root"/pipeline/schemas/*/*.json; do
        placeholder[Schema]=${schema#"$root/pipeline/schemas/"}
        bring_about "$file"
      done
    else
      bring_about "$file"
    fi
  done
}

# The function URL, as the service tells it.
function_url() {
  attempt lambda get-function-url-config --function-name "${name_prefix}collect_to_s3" || return 1
  json part -v path=/FunctionUrl "$work/out" | tr -d '"'
}

say_where() {
  local url cli_endpoint=${endpoint:+ --endpoint-url $endpoint}
  url=$(function_url) || return 0
  cat <<TEXT

Send events to   ${url%/}/v1/events
Query them       aws dynamodb query$cli_endpoint --region $region --table-name ${name_prefix}events \\
                   --key-condition-expression 'pk = :u' --expression-attribute-values '{":u":{"S":"user#u1"}}'
Logs             aws logs filter-log-events$cli_endpoint --region $region --log-group-name /aws/lambda/${name_prefix}parse_validate
TEXT
}
