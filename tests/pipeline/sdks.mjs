// One analytics SDK from npm, unmodified, pointed at the collector: node sdks.mjs NAME. Each makes the calls that it has.
// SDKs for browsers run in jsdom, with the network of Node.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { CLIENTS, WRITE_KEY, EVENTS, USER_ID } = process.env;
const require = createRequire(CLIENTS + '/package.json');
const load = (name) => import(pathToFileURL(require.resolve(name)));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// A page at a shop, whose globals an SDK finds as it would in a browser.
function browser() {
  const { JSDOM } = require('jsdom');
  const page = new JSDOM('<!doctype html><title>Shop</title><script></script>', {
    url: 'https://shop.example/p?utm_source=x', referrer: 'https://search.example/', pretendToBeVisual: true, runScripts: 'outside-only' });
  for (const name of ['window', 'document', 'location', 'localStorage', 'sessionStorage', 'XMLHttpRequest', 'HTMLElement', 'Element', 'Event',
                      'CustomEvent', 'MouseEvent', 'MutationObserver', 'history', 'screen', 'addEventListener', 'removeEventListener', 'dispatchEvent']) {
    const value = page.window[name];
    Object.defineProperty(globalThis, name, { value: typeof value === 'function' && /^[a-z]/.test(name) ? value.bind(page.window) : value,
                                              configurable: true, writable: true });
  }
  Object.defineProperty(globalThis, 'window', { value: page.window, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: page.window.navigator, configurable: true });
  globalThis.ResizeObserver = class { observe() {} };  // which jsdom has none of
  // Requests go out as a browser would send them: with the page's origin.
  const send = globalThis.fetch;
  page.window.fetch = globalThis.fetch = (url, options = {}) => send(url, { ...options, headers: { ...options.headers, origin: 'https://shop.example' } });
  return page.window;
}

async function opentelemetry(exporter) {
  const { LoggerProvider, BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = require(exporter);
  const processor = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${EVENTS}/v1/logs`, headers: { 'x-write-key': WRITE_KEY } }) });
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('shop', '1.0.0');
  const attributes = { 'user.id': USER_ID, 'session.id': 's1' };
  logger.emit({ eventName: 'page_view', attributes: { ...attributes, 'url.full': 'https://shop.example/' } });
  logger.emit({ eventName: 'Signed Up', attributes, body: { method: 'password', order: { price: 1.5, seats: 3 } } });
  await processor.forceFlush();
}

const sdks = {
  // Fetches its settings from the collector, as from Segment's CDN.
  async 'segment-browser'() {
    browser();
    const { AnalyticsBrowser } = await load('@segment/analytics-next');
    const [analytics] = await AnalyticsBrowser.load({ writeKey: WRITE_KEY, cdnURL: EVENTS });
    await analytics.identify(USER_ID, { email: 'A@Example.COM' });
    await analytics.page('Home');
    await analytics.track('Signed Up', { method: 'password' });
    await analytics.group('g1', { n: 1 });
    await analytics.alias(USER_ID, 'before');
    await pause(1500);
  },

  async 'rudderstack-node'() {
    const { default: Analytics } = await load('@rudderstack/rudder-sdk-node');
    const analytics = new Analytics(WRITE_KEY, { dataPlaneUrl: EVENTS, flushAt: 3 });
    analytics.identify({ userId: USER_ID, traits: { email: 'A@Example.COM' } });
    analytics.page({ userId: USER_ID, name: 'Home', properties: { url: 'https://shop.example/' } });
    analytics.track({ userId: USER_ID, event: 'Signed Up', properties: { method: 'password' } });
    analytics.group({ userId: USER_ID, groupId: 'g1', traits: { n: 1 } });
    analytics.alias({ userId: USER_ID, previousId: 'before' });
    await new Promise((done) => analytics.flush(done));
    await pause(1000);
  },

  // Fetches its configuration from the collector, as from RudderStack's control plane.
  async 'rudderstack-browser'() {
    browser();
    const { RudderAnalytics } = await load('@rudderstack/analytics-js/bundled');
    const analytics = new RudderAnalytics();
    analytics.load(WRITE_KEY, EVENTS, { configUrl: EVENTS, polyfillIfRequired: false, sendAdblockPage: false });
    await new Promise((done) => analytics.ready(done));
    analytics.identify(USER_ID, { email: 'A@Example.COM' });
    analytics.page('Home');
    analytics.track('Signed Up', { method: 'password' });
    analytics.group('g1', { n: 1 });
    analytics.alias(USER_ID, 'before');
    await pause(3000);
  },

  async jitsu() {
    const { jitsuAnalytics } = await load('@jitsu/js');
    const analytics = jitsuAnalytics({ host: EVENTS, writeKey: `${WRITE_KEY}:none` });
    await analytics.identify(USER_ID, { email: 'A@Example.COM' });
    await analytics.page({ name: 'Home', url: 'https://shop.example/' });
    await analytics.track('Signed Up', { method: 'password' });
    await analytics.group('g1', { n: 1 });
    await pause(500);
  },

  async 'posthog-node'() {
    const { PostHog } = await load('posthog-node');
    const posthog = new PostHog(WRITE_KEY, { host: EVENTS, flushAt: 3 });
    posthog.identify({ distinctId: USER_ID, properties: { email: 'A@Example.COM' } });
    posthog.capture({ distinctId: USER_ID, event: '$pageview', properties: { $current_url: 'https://shop.example/' } });
    posthog.capture({ distinctId: USER_ID, event: 'Signed Up', properties: { method: 'password' } });
    posthog.alias({ distinctId: USER_ID, alias: 'before' });
    await posthog.shutdown();
  },

  async 'posthog-browser'() {
    const window = browser();
    const { posthog } = require('posthog-js');
    posthog.init(WRITE_KEY, { api_host: EVENTS, autocapture: false, capture_pageview: false, disable_session_recording: true,
                              disable_external_dependency_loading: true, persistence: 'memory', request_queue_config: { flush_interval_ms: 250 } });
    posthog.identify(USER_ID, { email: 'A@Example.COM' });
    posthog.capture('$pageview');
    posthog.capture('Signed Up', { method: 'password' });
    await pause(5000);
    window.close();
  },

  async 'snowplow-node'() {
    const { newTracker, buildPageView, buildStructEvent, buildSelfDescribingEvent } = await load('@snowplow/node-tracker');
    const tracker = newTracker({ namespace: 'test', appId: WRITE_KEY }, { endpoint: EVENTS, eventMethod: 'post', bufferSize: 1 });
    tracker.setUserId(USER_ID);
    tracker.track(buildPageView({ pageUrl: 'https://shop.example/', pageTitle: 'Shop' }));
    tracker.track(buildStructEvent({ category: 'account', action: 'Signed Up', value: 1.5 }));
    tracker.track(buildSelfDescribingEvent({ event: { schema: 'iglu:com.example/click/jsonschema/1-0-0', data: { element: 'buy' } } }));
    tracker.flush();
    await pause(1500);
  },

  async 'snowplow-node-get'() {
    const { newTracker, buildPageView } = await load('@snowplow/node-tracker');
    const tracker = newTracker({ namespace: 'test', appId: WRITE_KEY }, { endpoint: EVENTS, eventMethod: 'get', bufferSize: 1 });
    tracker.setUserId(USER_ID);
    tracker.track(buildPageView({ pageUrl: 'https://shop.example/', pageTitle: 'Shop' }));
    await pause(1500);
  },

  async 'snowplow-browser'() {
    browser();
    const { newTracker, setUserId, trackPageView, trackStructEvent } = await load('@snowplow/browser-tracker');
    newTracker('sp', EVENTS, { appId: WRITE_KEY, stateStorageStrategy: 'none', credentials: 'omit' });
    setUserId(USER_ID);
    trackPageView();
    trackStructEvent({ category: 'account', action: 'Signed Up' });
    await pause(2000);
  },

  async cloudevents() {
    const { CloudEvent, HTTP } = require('cloudevents');
    const event = (type, data) => new CloudEvent({ type, source: '/shop', subject: USER_ID, time: new Date().toISOString(), data });
    const headers = { 'x-write-key': WRITE_KEY };
    const send = async (message) => fetch(`${EVENTS}/v1/cloudevents`, { method: 'POST', body: message.body, headers: { ...message.headers, ...headers } });
    await send(HTTP.structured(event('page_view', { url: 'https://shop.example/' })));
    await send(HTTP.binary(event('click', { element: 'buy' })));
  },

  // OpenTelemetry's exporters of logs; the events are records with a name.
  'otlp-json': () => opentelemetry('@opentelemetry/exporter-logs-otlp-http'),
  'otlp-protobuf': () => opentelemetry('@opentelemetry/exporter-logs-otlp-proto'),

  async 'amplitude-node'() {
    const { createInstance, Identify } = require('@amplitude/analytics-node');
    const amplitude = createInstance();
    await amplitude.init(WRITE_KEY, { serverUrl: `${EVENTS}/2/httpapi`, flushIntervalMillis: 50 }).promise;
    amplitude.identify(new Identify().set('email', 'A@Example.COM'), { user_id: USER_ID });
    amplitude.track('Signed Up', { method: 'password' }, { user_id: USER_ID });
    amplitude.track('[Amplitude] Page Viewed', { '[Amplitude] Page Location': 'https://shop.example/' }, { user_id: USER_ID });
    await amplitude.flush().promise;
  },

  // Amplitude's endpoint for large numbers of events lies where PostHog's does.
  async 'amplitude-batch'() {
    const { createInstance } = require('@amplitude/analytics-node');
    const amplitude = createInstance();
    await amplitude.init(WRITE_KEY, { serverUrl: `${EVENTS}/batch`, flushIntervalMillis: 50 }).promise;
    const result = await amplitude.track('Signed Up', { method: 'password' }, { user_id: USER_ID }).promise;
    if (result.code !== 200) throw new Error(result.message);
  },

  async 'mixpanel-node'() {
    const mixpanel = require('mixpanel').init(WRITE_KEY, { host: new URL(EVENTS).host, protocol: 'http' });
    const called = (call) => new Promise((done, failed) => call((error) => (error ? failed(error) : done())));
    const time = Date.now();
    await called((done) => mixpanel.track('Signed Up', { distinct_id: USER_ID, time, method: 'password', why: '>>>???' }, done));
    await called((done) => mixpanel.track_batch([{ event: 'click', properties: { distinct_id: USER_ID, time, element: 'a' } },
      { event: 'click', properties: { distinct_id: USER_ID, time, element: 'b' } }], done));
    await called((done) => mixpanel.people.set(USER_ID, { email: 'A@Example.COM', $time: time }, {}, done));
    mixpanel.set_config({ verbose: true });
    await called((done) => mixpanel.alias(USER_ID, 'before', done));
    await called((done) => mixpanel.groups.set('org', USER_ID, { plan: 'pro' }, {}, done));
    mixpanel.set_config({ key: 'of an account' });
    await called((done) => mixpanel.import_batch([{ event: 'click', properties: { distinct_id: USER_ID, time: new Date(time), element: 'c' } }], done));
  },

  async 'matomo-node'() {
    const Matomo = require('matomo-tracker');
    const tracker = new Matomo(WRITE_KEY, `${EVENTS}/matomo.php`);
    tracker.on('error', (error) => { throw new Error(error); });
    const cdt = Math.floor(Date.now() / 1000);
    tracker.track({ url: 'https://shop.example/', action_name: 'Shop', uid: USER_ID, cdt });
    const answer = await new Promise((done) => tracker.trackBulk([{ url: 'https://shop.example/1', uid: USER_ID, cdt },
      { url: 'https://shop.example/2', e_c: 'account', e_a: 'Signed Up', uid: USER_ID, cdt }], done));
    if (JSON.parse(answer).tracked !== 2) throw new Error(answer);
    await pause(500);
  },

  async 'umami-node'() {
    const { default: umami } = require('@umami/node');
    umami.init({ websiteId: WRITE_KEY, hostUrl: EVENTS, userAgent: USER_ID });
    const timestamp = Math.floor(Date.now() / 1000);
    await umami.track({ url: '/p', title: 'Shop', timestamp });
    await umami.track('Signed Up', { method: 'password' });
    await umami.identify({ email: 'A@Example.COM' });
  },

  async plausible() {
    const window = browser();
    const { init, track } = await load('@plausible-analytics/tracker');
    init({ domain: WRITE_KEY, endpoint: `${EVENTS}/api/event`, autoCapturePageviews: false, captureOnLocalhost: true, logging: false });
    track('pageview', {});
    track('Signed Up', { props: { method: 'password' } });
    await pause(1500);
    window.close();
  },

  // AWS's Clickstream Analytics SDK for browsers.
  async clickstream() {
    const window = browser();
    const { ClickstreamAnalytics, SendMode } = require('@aws/clickstream-web');
    ClickstreamAnalytics.init({ appId: WRITE_KEY, endpoint: `${EVENTS}/collect`, sendMode: SendMode.Immediate, isTrackAppEndEvents: false,
                                isTrackScrollEvents: false, isTrackClickEvents: false, isTrackSearchEvents: false, isTrackPageViewEvents: false });
    ClickstreamAnalytics.setUserId(USER_ID);
    ClickstreamAnalytics.setUserAttributes({ email: 'a@example.com' });
    ClickstreamAnalytics.record({ name: 'signed_up', attributes: { method: 'password' } });
    await pause(1500);
    window.close();
  },
};

await sdks[process.argv[2]]();
process.exit(0);
