#include "localcloud/options.hpp"

#include <CLI/CLI.hpp>

namespace localcloud {

namespace {

constexpr char kAbout[] =
    "Collects, keeps, validates and queries user-activity events, on a local AWS of its own:\n"
    "S3, Lambda, Step Functions, DynamoDB, CloudWatch, IAM and STS in one process, durable on disk.";

constexpr char kServeExamples[] =
    "Examples:\n"
    "  event-pipeline serve                          the pipeline, its data in ./data\n"
    "  event-pipeline serve --empty --ephemeral --port 0 --json\n"
    "                                                bare services for a test, gone at exit; prints where they are\n"
    "  event-pipeline serve --account 111122223333:AKIDEXAMPLE:secret\n"
    "                                                a second account, with resources of its own\n\n"
    "Then, in another terminal:\n"
    "  export AWS_SHARED_CREDENTIALS_FILE=$PWD/data/credentials\n"
    "  aws --endpoint-url http://127.0.0.1:4566 s3 ls";

bool is_account_id(const std::string& text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
}

std::string check_account(const std::string& text) {
  const std::size_t first = text.find(':'), second = text.find(':', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos || !is_account_id(text.substr(0, first)) || second - first < 17 ||
      second + 1 == text.size()) {
    return "--account wants ID:ACCESS_KEY:SECRET: 12 digits, an access key of at least 16 characters, a secret";
  }
  return {};
}

AccountOption to_account(const std::string& text) {
  const std::size_t first = text.find(':'), second = text.find(':', first + 1);
  return {text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

}  // namespace

std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit_status) {
  CommandLine out;
  ServeOptions& serve = out.serve;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  serve.deployment = EVENT_PIPELINE_ROOT;
  serve.packages = program.parent_path().parent_path() / "dist";

  CLI::App app(kAbout, "event-pipeline");
  app.require_subcommand(1);
  app.fallthrough(false);
  CLI::App& serve_verb = *app.add_subcommand("serve", "Start the local AWS, with the pipeline in it");
  serve_verb.footer(kServeExamples);
  serve_verb.add_option("--data", serve.data, "Folder of everything that is kept; made at the first start")
      ->capture_default_str();
  serve_verb.add_option("--port", serve.port, "Port of the AWS services; 0 picks a free one")->capture_default_str();
  serve_verb.add_option("--events-port", serve.events_port, "Port where events are sent to; 0 picks a free one")
      ->capture_default_str();
  serve_verb.add_option("--bind", serve.bind, "Address to listen on; beyond loopback only if you say so")
      ->capture_default_str();
  serve_verb.add_option("--region", serve.region, "Region of the pipeline, at the first start")->capture_default_str();
  serve_verb.add_option("--threads", serve.threads, "Worker threads; 0: one for each core")
      ->capture_default_str()
      ->check(CLI::Range(0, 256));
  serve_verb
      .add_option(
          "--memory", serve.memory_mib,
          "MiB that requests, running executions and waiting log lines may take; beyond it new ones are refused")
      ->capture_default_str()
      ->check(CLI::Range(64, 1 << 20));
  using Functions = ServeOptions::Functions;
  const std::map<std::string, Functions> functions = {{"linked", Functions::linked}, {"process", Functions::process}};
  serve_verb
      .add_option("--functions", serve.functions,
                  "How the pipeline's own functions run: linked into the server, or each as a process like all others")
      ->default_str("linked")
      ->transform(CLI::Transformer(functions).description("linked|process"));
  std::vector<std::string> accounts;
  serve_verb.add_option("--account", accounts, "ID:ACCESS_KEY:SECRET of a further account; may be repeated")
      ->check(check_account)
      ->take_all();
  bool ephemeral = false, empty = false, json = false;
  serve_verb.add_flag("--ephemeral", ephemeral, "Keep nothing: a throwaway store, gone at exit");
  serve_verb.add_flag("--empty", empty, "The bare services, without the pipeline");
  serve_verb.add_flag("--json", json, "Print where everything is as one JSON object a line");
  serve_verb.add_option("--deployment", serve.deployment, "Folder that holds deploy/requests and pipeline/")
      ->capture_default_str();
  serve_verb.add_option("--packages", serve.packages, "Folder of collect_to_s3.zip and parse_validate.zip")
      ->capture_default_str();
  CLI::App& describe_verb =
      *app.add_subcommand("describe", "Print what every operation declares, a JSON object a line");

  out.operate = std::make_shared<cli::Verbs>(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_status = app.exit(error);
    return std::nullopt;
  }
  for (const std::string& account : accounts) serve.accounts.push_back(to_account(account));
  if (ephemeral) serve.keep = ServeOptions::Keep::nothing;
  if (empty) serve.deploy = ServeOptions::Deploy::nothing;
  if (json) serve.print = ServeOptions::Print::json;
  out.verb = out.operate->was_chosen() ? Verb::operate : describe_verb.parsed() ? Verb::describe : Verb::serve;
  return out;
}

}  // namespace localcloud
