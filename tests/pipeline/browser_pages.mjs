// The pages that browsers.mjs opens: each has one SDK, as an application would bundle it, and a function `send` for one event.
// /?sdk=NAME&events=URL&key=KEY&leaving: with `leaving` an SDK that gathers events waits long, so that the last ones go out when the page is left.
const { sdk, events, key, leaving } = Object.fromEntries(new URLSearchParams(location.search));
const isLeaving = leaving !== undefined;
const wait = isLeaving ? 30_000 : 300;

const sdks = {
  async segment() {
    const { AnalyticsBrowser } = await import('@segment/analytics-next');
    const [analytics] = await AnalyticsBrowser.load({ writeKey: key, cdnURL: events }, { integrations: { 'Segment.io': {
      deliveryStrategy: { strategy: 'batching', config: { size: 10, timeout: wait } } } } });
    return (element) => analytics.track('click', { element });
  },
  async rudderstack() {
    const { RudderAnalytics } = await import('@rudderstack/analytics-js/bundled');
    const analytics = new RudderAnalytics();
    analytics.load(key, events, { configUrl: events, sendAdblockPage: false, polyfillIfRequired: false, useBeacon: isLeaving, beaconQueueOptions: { flushQueueInterval: wait } });
    await new Promise((done) => analytics.ready(done));
    return (element) => analytics.track('click', { element });
  },
  async posthog() {
    const { posthog } = await import('posthog-js');
    await new Promise((loaded) => posthog.init(key, { api_host: events, autocapture: false, capture_pageview: false, capture_pageleave: false, loaded,
      disable_session_recording: true, disable_external_dependency_loading: true, request_queue_config: { flush_interval_ms: isLeaving ? 5000 : 250 } }));
    return (element) => posthog.capture('click', { element });
  },
  async snowplow() {
    const { newTracker, trackSelfDescribingEvent } = await import('@snowplow/browser-tracker');
    newTracker('sp', events, { appId: key, keepalive: true });
    return (element) => trackSelfDescribingEvent({ event: { schema: 'iglu:com.example/click/jsonschema/1-0-0', data: { element } } });
  },
  async jitsu() {
    const { jitsuAnalytics } = await import('@jitsu/js');
    const analytics = jitsuAnalytics({ host: events, writeKey: `${key}:none` });
    return (element) => analytics.track('click', { element });
  },
  async clickstream() {
    const { ClickstreamAnalytics, SendMode } = await import('@aws/clickstream-web');
    ClickstreamAnalytics.init({ appId: key, endpoint: `${events}/collect`, sendMode: isLeaving ? SendMode.Batch : SendMode.Immediate, sendEventsInterval: wait,
      isTrackPageViewEvents: false, isTrackUserEngagementEvents: false, isTrackClickEvents: false, isTrackSearchEvents: false, isTrackScrollEvents: false });
    return (element) => ClickstreamAnalytics.record({ name: 'click', attributes: { element } });
  },
  async amplitude() {
    const amplitude = await import('@amplitude/analytics-browser');
    await amplitude.init(key, { serverUrl: `${events}/2/httpapi`, flushIntervalMillis: wait, defaultTracking: false, logLevel: 0 }).promise;
    // As Amplitude tells those who use it to do.
    addEventListener('pagehide', () => { amplitude.setTransport('beacon'); amplitude.flush(); });
    return (element) => amplitude.track('click', { element });
  },
  async mixpanel() {
    const { default: mixpanel } = await import('mixpanel-browser');
    mixpanel.init(key, { api_host: events, batch_flush_interval_ms: wait, persistence: 'localStorage' });
    return (element) => mixpanel.track('click', { element });
  },
  async plausible() {
    const { init, track } = await import('@plausible-analytics/tracker');
    init({ domain: key, endpoint: `${events}/api/event`, autoCapturePageviews: false, captureOnLocalhost: true, logging: false });
    return (element) => track('click', { props: { element } });
  },
};

globalThis.send = await sdks[sdk]();
