// Real GitHub activity from @octokit/webhooks-examples as events: one JSON line each for webhooks.py,
// {type, schema, properties, verdict: "valid"} or {…, verdict: "invalid", keyword, path}.
// ajv, the reference implementation of JSON Schema, is the judge of what each schema says; the mutations are made here.
import { createRequire } from 'node:module';

const require = createRequire(process.env.CLIENTS + '/package.json');
const schemas = require('@octokit/webhooks-schemas/schema.json');
const examples = require('@octokit/webhooks-examples');
const Ajv = require('ajv').default;
const addFormats = require('ajv-formats').default;

// The definition with all that it refers to, and nothing else.
const closure = (name) => {
  const wanted = new Set();
  const visit = (value) => {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.$ref === 'string') {
      const target = value.$ref.replace('#/definitions/', '');
      if (!wanted.has(target)) {
        wanted.add(target);
        visit(schemas.definitions[target]);
      }
    }
    Object.values(value).forEach(visit);
  };
  wanted.add(name);
  visit(schemas.definitions[name]);
  const clean = (value, properties) => {
    if (Array.isArray(value)) return value.map((member) => clean(member));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => properties || !['$schema', '$id', 'tsAdditionalProperties'].includes(key))
      .map(([key, member]) => [key, clean(member, key === 'properties' && !properties)]));
  };
  return { $schema: 'http://json-schema.org/draft-07/schema#', $ref: `#/definitions/${name}`,
    definitions: Object.fromEntries([...wanted].sort().map((each) => [each, clean(schemas.definitions[each])])) };
};

const mutations = [
  (event) => { delete event[Object.keys(event).find((key) => !['action'].includes(key))]; },
  (event) => { event.sender = 'not an object'; },
  (event) => { if (event.sender) event.sender.id = 'seven'; },
  (event) => { if (event.repository) event.repository.html_url = 12; },
  (event) => { if (event.action) event.action = 'no-such-action'; },
  (event) => { if (event.repository) delete event.repository.full_name; },
];

const seen = new Map();
for (const { name: event, examples: list } of examples) {
  for (const [index, properties] of list.entries()) {
    const definition = properties.action && schemas.definitions[`${event}$${properties.action}`] ? `${event}$${properties.action}` : `${event}$event`;
    if (!schemas.definitions[definition]) continue;
    let entry = seen.get(definition);
    if (!entry) {
      const schema = closure(definition);
      const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
      entry = { schema, validate: ajv.compile(schema), count: 0 };
      seen.set(definition, entry);
    }
    if (entry.count >= 2) continue;
    const type = `github.${definition.replace('$', '.')}`;
    const write = (document) => {
      const valid = entry.validate(document);
      const errors = (entry.validate.errors ?? []).map(({ keyword, instancePath }) => ({ keyword, path: instancePath }));
      console.log(JSON.stringify({ type, properties: document, valid, errors, ...(entry.told ? {} : { schema: entry.schema }) }));
      entry.told = true;
    };
    write(properties);
    if (entry.count++ === 0) {
      for (const mutate of mutations) {
        const document = structuredClone(properties);
        mutate(document);
        if (!entry.validate(document)) write(document);
      }
    }
  }
}
