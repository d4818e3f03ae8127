// A client for servers from npm, unmodified, with an instance for each of the proxies that make a request fail: each sends three events, a second apart, and
// one more when all has come to rest (Snowplow's sends what has failed together with the next), and goes on living until standard input is closed, for whatever it does by itself.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { CLIENTS, WRITE_KEY, PROXIES } = process.env;
const name = process.argv[2];
const require = createRequire(CLIENTS + '/package.json');
const load = (module) => import(pathToFileURL(require.resolve(module)));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const userId = 'failures';

// Records that say what they are called are stored once, however often they are sent; others have no id.
const opentelemetry = (exporter, id) => async (events) => {
  const { LoggerProvider, BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = require(exporter);
  const processor = new BatchLogRecordProcessor({ scheduledDelayMillis: 100,
    exporter: new OTLPLogExporter({ url: `${events}/v1/logs`, headers: { 'x-write-key': WRITE_KEY } }) });
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('shop');
  return (element) => logger.emit({ eventName: 'click', attributes: { 'user.id': userId, element, ...id(element) } });
};

const posthog = async (host) => {
  const { PostHog } = await load('posthog-node');
  const client = new PostHog(WRITE_KEY, { host, flushAt: 1, fetchRetryDelay: 500 });
  return (element) => client.capture({ distinctId: userId, event: 'click', properties: { element } });
};

const snowplow = (eventMethod) => async (endpoint) => {
  const { newTracker, buildSelfDescribingEvent } = await load('@snowplow/node-tracker');
  const tracker = newTracker({ namespace: endpoint, appId: WRITE_KEY }, { endpoint, eventMethod, bufferSize: 1 });
  tracker.setUserId(userId);
  return (element) => tracker.track(buildSelfDescribingEvent({ event: { schema: 'iglu:com.example/click/jsonschema/1-0-0', data: { element } } }));
};

// Each answers the function that sends one event.
const clients = {
  async 'segment-node'(host) {
    const { Analytics } = await load('@segment/analytics-node');
    const analytics = new Analytics({ writeKey: WRITE_KEY, host, flushAt: 1 });
    analytics.on('error', () => {});
    return (element) => analytics.track({ userId, event: 'click', properties: { element } });
  },
  async 'rudderstack-node'(dataPlaneUrl) {
    const { default: Analytics } = await load('@rudderstack/rudder-sdk-node');
    const analytics = new Analytics(WRITE_KEY, { dataPlaneUrl, flushAt: 1 });
    return (element) => analytics.track({ userId, event: 'click', properties: { element } });
  },
  async jitsu(host) {
    const { jitsuAnalytics } = await load('@jitsu/js');
    const analytics = jitsuAnalytics({ host, writeKey: `${WRITE_KEY}:none` });
    return (element) => analytics.track('click', { element });
  },
  'posthog-node': posthog,
  'posthog-node-v1': posthog,
  'snowplow-node': snowplow('post'),
  'snowplow-node-get': snowplow('get'),
  'otlp-json': opentelemetry('@opentelemetry/exporter-logs-otlp-http', () => ({})),
  'otlp-protobuf': opentelemetry('@opentelemetry/exporter-logs-otlp-proto', (element) => ({ 'log.record.uid': element })),
  async 'amplitude-node'(events) {
    const { createInstance, Types } = require('@amplitude/analytics-node');
    const amplitude = createInstance();
    await amplitude.init(WRITE_KEY, { serverUrl: `${events}/2/httpapi`, flushIntervalMillis: 100, logLevel: Types.LogLevel.None }).promise;
    return (element) => amplitude.track('click', { element }, { user_id: userId });
  },
  async 'mixpanel-node'(events) {
    const mixpanel = require('mixpanel').init(WRITE_KEY, { host: new URL(events).host, protocol: 'http' });
    return (element) => mixpanel.track('click', { distinct_id: userId, element }, () => {});
  },
  async 'matomo-node'(events) {
    const tracker = new (require('matomo-tracker'))(WRITE_KEY, `${events}/matomo.php`);
    tracker.on('error', () => {});
    return (element) => tracker.track({ url: `https://shop.example/${element}`, uid: userId });
  },
  async 'umami-node'(hostUrl) {
    const { Umami } = require('@umami/node');
    const umami = new Umami({ websiteId: WRITE_KEY, hostUrl });
    return (element) => umami.track('click', { element });
  },
};

process.on('unhandledRejection', () => {});
await Promise.all(Object.entries(JSON.parse(PROXIES)).map(async ([fault, url]) => {
  const send = await clients[name](url);
  for (const [number, milliseconds] of [1000, 1000, 3500, 0].entries()) {
    Promise.resolve(send(`${name}.${fault}.${number}`)).catch(() => {});
    await pause(milliseconds);
  }
}));
console.log('sent');
process.stdin.resume().on('end', () => process.exit(0));
