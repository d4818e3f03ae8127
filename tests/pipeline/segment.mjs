// Segment's own client for Node, unmodified: every kind of call, then a flush. It prints what its emitter says.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.CLIENTS + '/package.json');
const { Analytics } = await import(pathToFileURL(require.resolve('@segment/analytics-node')));
const analytics = new Analytics({ writeKey: process.env.WRITE_KEY, host: process.env.EVENTS_HOST, maxRetries: 3, flushAt: 4 });
const errors = [];
analytics.on('error', (error) => errors.push(String(error.reason ?? error.code ?? error)));
const userId = process.env.USER_ID;
const timestamp = new Date('2026-11-22T12:00:00.123Z');
analytics.track({ userId, event: 'Signed Up', properties: { method: 'password', plan: 'free', email: 'A@Example.COM' }, timestamp });
analytics.page({ userId, name: 'Home', properties: { url: 'https://shop.example/', path: '/' }, timestamp });
analytics.identify({ userId, traits: { email: 'a@example.com' }, timestamp });
analytics.group({ userId, groupId: 'g1', traits: { n: 1 }, timestamp });
analytics.alias({ userId, previousId: 'before', timestamp });
analytics.screen({ userId, name: 'Cart', timestamp });
for (let number = 0; number < 20; ++number) analytics.page({ userId, properties: { url: `https://shop.example/${number}` }, timestamp });
await analytics.closeAndFlush({ timeout: 20000 });
console.log(JSON.stringify({ errors }));
