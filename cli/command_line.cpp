#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include "cli/verbs.hpp"

namespace cli {

// What the command line says.
struct Choice {
  PlaceOptions place;
  Form form = Form::text;
  SendOptions send;
  QueryOptions query;
  TailOptions tail;
  BalanceOptions balance;
  ReplayOptions replay;
  SchemaOptions schema;
  EraseOptions erase;
  bool is_json = false, is_once = false, is_dry = false, is_quarantined = false, takes_held = false, is_yes = false,
       may_break = false, is_new_model = false;
  std::function<int()> chosen;
};

namespace {

constexpr char kWhere[] = "Where";
constexpr char kPlaces[] =
    "Where the pipeline is: a local one by its data folder (./data, or --data); one on AWS by the environment, as the "
    "AWS\n"
    "CLI reads it: AWS_ACCESS_KEY_ID and its fellows, AWS_REGION, AWS_ENDPOINT_URL.";

void add_span(CLI::App& verb, SpanOptions& span, const char* of) {
  verb.add_option("--from", span.from, std::string("Begin of ") + of + ", e.g. 2026-11-22 or 2026-11-22T13");
  verb.add_option("--to", span.to, "Its end, before which; now where it isn't said");
  verb.add_option("--last", span.last, "Instead of --from: that long back, e.g. 90m, 12h, 7d")->capture_default_str();
}

// Adds a verb with what all of them take.
CLI::App& add_verb(CLI::App& app, Choice& state, const char* name, const char* about, const char* examples) {
  CLI::App& verb = *app.add_subcommand(name, about);
  PlaceOptions& place = state.place;
  verb.add_option("--data", place.data, "Data folder of a local pipeline")->capture_default_str()->group(kWhere);
  verb.add_option("--endpoint-url", place.endpoint_url, "Where all services answer")->group(kWhere);
  verb.add_option("--events-url", place.events_url, "Where the collector answers")->group(kWhere);
  verb.add_option("--region", place.region, "AWS's region")->group(kWhere);
  verb.add_option("--prefix", place.prefix, "What the names of the deployment begin with")
      ->capture_default_str()
      ->group(kWhere);
  verb.add_flag("--json", state.is_json, "Print one JSON object a line");
  verb.footer(std::string(examples) + "\n" + kPlaces);
  return verb;
}

// What a verb does, once it is chosen, with the pipeline that it is for.
void on(CLI::App& verb, Choice& state, std::function<int(Calls&)> run) {
  verb.callback([&state, run = std::move(run)] {
    state.chosen = [&state, run] {
      state.form = state.is_json ? Form::json : Form::text;
      Calls calls(find_place(state.place, pipeline::aws_client::process_environment));
      return run(calls);
    };
  });
}

void add_send(CLI::App& app, Choice& state) {
  CLI::App& send_verb = add_verb(app, state, "send", "Send events to the collector",
                                 "Examples:\n"
                                 "  event-pipeline send --type click --user u1 element=buy\n"
                                 "  event-pipeline send events.ndjson\n"
                                 "  zcat old.json.gz | event-pipeline send -\n");
  send_verb.add_option("--type", state.send.type, "Type of the one event to send");
  send_verb.add_option("--user", state.send.user, "Its user");
  send_verb.add_option("--batch", state.send.batch, "Events a request")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  std::vector<std::string>& words = state.send.properties;
  send_verb.add_option("what", words, "Files of events (- is standard input), or with --type properties, name=value");
  on(send_verb, state, [&state](Calls& calls) {
    SendOptions options = state.send;
    if (options.type.empty()) options.files.assign(options.properties.begin(), options.properties.end());
    return send(calls, options, state.form);
  });
}

void add_query(CLI::App& app, Choice& state) {
  CLI::App& query_verb = add_verb(app, state, "query", "Show stored events of a user or a type, the newest first",
                                  "Examples:\n"
                                  "  event-pipeline query --user u1\n"
                                  "  event-pipeline query --type purchase --last 7d --json | jq .p.total\n");
  query_verb.add_option("--user", state.query.user, "Events of that user");
  query_verb.add_option("--anonymous", state.query.anonymous, "Events of that anonymous id");
  query_verb.add_option("--type", state.query.type, "Events of that type");
  query_verb.add_option("--limit", state.query.limit, "At most so many")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  add_span(query_verb, state.query.span, "the events' own time");
  on(query_verb, state, [&state](Calls& calls) { return query(calls, state.query, state.form); });
}

void add_tail(CLI::App& app, Choice& state) {
  CLI::App& tail_verb = add_verb(app, state, "tail", "Show events as they come, each with its verdict",
                                 "Examples:\n"
                                 "  event-pipeline tail --type purchase\n"
                                 "  event-pipeline tail --last 10m --once\n");
  tail_verb.add_option("--type", state.tail.type, "Only events of that type");
  tail_verb.add_option("--user", state.tail.user, "Only those of that user or anonymous id");
  tail_verb.add_option("--source", state.tail.source, "Only those that came with that source's write key");
  tail_verb.add_option("--last", state.tail.last, "Begin that long ago, e.g. 10m");
  tail_verb.add_flag("--once", state.is_once, "End with what is there");
  on(tail_verb, state, [&state](Calls& calls) {
    state.tail.follow = state.is_once ? TailOptions::Follow::once : TailOptions::Follow::on;
    return tail(calls, state.tail, state.form);
  });
}

void add_balance(CLI::App& app, Choice& state) {
  CLI::App& balance_verb =
      add_verb(app, state, "balance", "Show that received = stored + duplicate + quarantined, by hour and source",
               "Example:\n  event-pipeline balance --last 7d\n\nIt ends with 1 where events are missing.\n");
  add_span(balance_verb, state.balance.span, "the time of receipt");
  on(balance_verb, state, [&state](Calls& calls) { return balance(calls, state.balance, state.form); });
}

void add_replay(CLI::App& app, Choice& state) {
  CLI::App& replay_verb = add_verb(app, state, "replay", "Take raw objects through today's code and schemas once more",
                                   "Examples:\n"
                                   "  event-pipeline replay --quarantined --last 7d --dry-run\n"
                                   "  event-pipeline replay --from 2026-11-22T13 --to 2026-11-22T15\n\n"
                                   "Twice is as good as once: what is in the table stays as it is.\n");
  add_span(replay_verb, state.replay.span, "the time of receipt");
  replay_verb.add_flag("--quarantined", state.is_quarantined, "Only objects of which something is in quarantine");
  replay_verb.add_flag("--take-held", state.takes_held, "Let in what came with retired write keys");
  replay_verb.add_flag("--dry-run", state.is_dry, "Only show what would change");
  on(replay_verb, state, [&state](Calls& calls) {
    if (state.is_quarantined) state.replay.what = ReplayOptions::What::quarantined;
    if (state.takes_held) state.replay.held = ReplayOptions::Held::go_in;
    if (state.is_dry) state.replay.run = ReplayOptions::Run::dry;
    return replay(calls, state.replay, state.form);
  });
}

void add_check(CLI::App& schema, Choice& state) {
  CLI::App& check_verb = *schema.add_subcommand("check", "See whether a schema can be used");
  check_verb.add_option("file", state.schema.file, "The schema")->required();
  check_verb.add_flag("--json", state.is_json, "Print one JSON object");
  check_verb.callback([&state] {
    state.chosen = [&state] { return schema_check(state.schema, state.is_json ? Form::json : Form::text); };
  });
}

void add_add(CLI::App& schema, Choice& state) {
  CLI::App& add_schema_verb = add_verb(schema, state, "add", "Add a version, unless events that pass today would fail",
                                       "Example:\n  event-pipeline schema add click click.json --last 7d\n\n"
                                       "Where all events that pass today would pass, it is an addition, 1-0-3 after "
                                       "1-0-2; else a revision, 1-1-0.\n");
  add_schema_verb.add_option("type", state.schema.type, "The event type")->required();
  add_schema_verb.add_option("file", state.schema.file, "The schema")->required();
  auto* const version = add_schema_verb.add_option("--version", state.schema.version,
                                                   "As 1-0-2; the next one of the newest model where it isn't said");
  add_schema_verb.add_flag("--new-model", state.is_new_model, "Begin a model, for events that ask for it")
      ->excludes(version);
  add_schema_verb.add_flag("--allow-breaking", state.may_break, "Add it as a revision, even so");
  add_span(add_schema_verb, state.schema.span, "the raw events that it is tried on");
  on(add_schema_verb, state, [&state](Calls& calls) {
    if (state.is_new_model) state.schema.model = SchemaOptions::Model::next;
    if (state.may_break) state.schema.breaking = SchemaOptions::Breaking::allowed;
    return schema_add(calls, state.schema, state.form);
  });
}

void add_backtest(CLI::App& schema, Choice& state) {
  CLI::App& backtest_verb =
      add_verb(schema, state, "backtest", "Try a schema on what was received, and show what would change",
               "Example:\n  event-pipeline schema backtest purchase new.json --last 7d\n\nIt ends with 1 where events "
               "would fail that pass today.\n");
  backtest_verb.add_option("type", state.schema.type, "The event type")->required();
  backtest_verb.add_option("file", state.schema.file, "The schema")->required();
  add_span(backtest_verb, state.schema.span, "the raw events that it is tried on");
  on(backtest_verb, state, [&state](Calls& calls) { return schema_backtest(calls, state.schema, state.form); });
}

void add_infer(CLI::App& schema, Choice& state) {
  CLI::App& infer_verb =
      add_verb(schema, state, "infer", "Draft a schema from what was received",
               "Example:\n  event-pipeline schema infer video_played --last 7d > video_played.json\n");
  infer_verb.add_option("type", state.schema.type, "The event type")->required();
  add_span(infer_verb, state.schema.span, "the raw events that are looked at");
  on(infer_verb, state, [&state](Calls& calls) { return schema_infer(calls, state.schema); });
}

void add_schema_verbs(CLI::App& app, Choice& state) {
  CLI::App& schema_verb = *app.add_subcommand("schema", "Check, add, try or draft the schema of an event type");
  schema_verb.require_subcommand(1);
  add_check(schema_verb, state);
  add_add(schema_verb, state);
  add_backtest(schema_verb, state);
  add_infer(schema_verb, state);
}

void add_erase(CLI::App& app, Choice& state) {
  CLI::App& erase_verb =
      add_verb(app, state, "erase", "Remove a person's events for good, everywhere, and leave a record of it",
               "Example:\n  event-pipeline erase --user u1\n");
  state.erase.span.last = "3650d";
  erase_verb.add_option("--user", state.erase.user, "Whose events");
  erase_verb.add_option("--anonymous", state.erase.anonymous, "Or: of which anonymous id");
  erase_verb.add_flag("--yes", state.is_yes, "Don't ask");
  add_span(erase_verb, state.erase.span, "the objects that are searched");
  on(erase_verb, state, [&state](Calls& calls) {
    if (state.is_yes) state.erase.asked = EraseOptions::Asked::yes;
    return erase(calls, state.erase, state.form);
  });
}

void add_doctor(CLI::App& app, Choice& state) {
  CLI::App& doctor_verb = add_verb(app, state, "doctor", "Look at each part of the pipeline, and say what is wrong",
                                   "Example:\n  event-pipeline doctor\n\nIt ends with 1 where something is wrong.\n");
  on(doctor_verb, state, [&state](Calls& calls) { return doctor(calls, state.form); });
}

}  // namespace

Verbs::Verbs(CLI::App& app) : choice_(std::make_unique<Choice>()) {
  add_send(app, *choice_);
  add_query(app, *choice_);
  add_tail(app, *choice_);
  add_balance(app, *choice_);
  add_replay(app, *choice_);
  add_schema_verbs(app, *choice_);
  add_erase(app, *choice_);
  add_doctor(app, *choice_);
}

Verbs::~Verbs() = default;

bool Verbs::was_chosen() const {
  return choice_->chosen != nullptr;
}

int Verbs::run() {
  return choice_->chosen();
}

}  // namespace cli
