// ajv over the same schema and events as validate_bench: node validate.mjs PACKAGES SCHEMA EVENTS SECONDS
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [packages, schema_path, events_path, seconds] = process.argv.slice(2);
const require = createRequire(packages + '/');
const Ajv = require('ajv').default;
const formats = require('ajv-formats').default;

const validate = formats(new Ajv({ strict: false })).compile(JSON.parse(readFileSync(schema_path)));
const texts = readFileSync(events_path, 'utf8').trim().split('\n');
const events = texts.map((text) => JSON.parse(text));
for (const event of events) {
  if (!validate(event)) throw new Error(`ajv calls an event invalid: ${JSON.stringify(validate.errors)}`);
}

// Of all threads: the collector's share the core.
const cpu_s = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };

function per_second(events, is_valid) {
  let count = 0;
  const round = () => { for (const event of events) if (is_valid(event)) ++count; };
  const warm = cpu_s() + seconds / 4;
  while (cpu_s() < warm) round();
  count = 0;
  const began = cpu_s();
  let spent = 0;
  while ((spent = cpu_s() - began) < seconds) round();
  return count / spent;
}

const version = require('ajv/package.json').version;
const say = (name, value) => console.log(JSON.stringify({ name, value, unit: '/s', version }));
say('validate: ajv, event parsed', per_second(events, validate));
say('validate: ajv, parse included', per_second(texts, (text) => validate(JSON.parse(text))));
