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
  // Requests go out as a browser would send them: with the page's origin.
  const send = globalThis.fetch;
  page.window.fetch = globalThis.fetch = (url, options = {}) => send(url, { ...options, headers: { ...options.headers, origin: 'https://shop.example' } });
  return page.window;
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
