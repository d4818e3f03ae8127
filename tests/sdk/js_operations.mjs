// The AWS SDK for JavaScript v3, current, against every service. The server is started by js_operations.py, which says where it is.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.CLIENTS + '/package.json');
const sdk = async (name) => import(pathToFileURL(require.resolve(`@aws-sdk/client-${name}`)));
const options = {
  endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION, maxAttempts: 2,
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY },
};
const { ACCOUNT, PACKAGE } = process.env;
const only = (process.env.TEST_ONLY ?? '').split(' ').filter(Boolean);

const test = async (name, body) => {
  if (only.length && !only.some((word) => name.includes(word))) return;
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`not ok ${name}: ${String(error.stack ?? error).replace(/\s+/g, ' ').slice(0, 500)}`);
  }
};
const refused = async (code, promise) => {
  const error = await promise.then(() => null, (caught) => caught);
  assert.ok(error, `wanted ${code}, was accepted`);
  assert.equal(error.name, code);
};
const until = async (what, ask) => {
  for (let tries = 0; tries < 200; ++tries) {
    const value = await ask();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: never`);
};
const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole',
  Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] } }] });
const allow = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const role = `arn:aws:iam::${ACCOUNT}:role/js`;

await test('iam and sts', async () => {
  const { IAM } = await sdk('iam');
  const { STS } = await sdk('sts');
  const iam = new IAM(options);
  await iam.createRole({ RoleName: 'js', AssumeRolePolicyDocument: trust });
  await iam.putRolePolicy({ RoleName: 'js', PolicyName: 'all', PolicyDocument: allow });
  assert.deepEqual((await iam.listRolePolicies({ RoleName: 'js' })).PolicyNames, ['all']);
  await refused('NoSuchEntityException', iam.getRole({ RoleName: 'nobody' }));
  assert.equal((await new STS(options).getCallerIdentity({})).Account, ACCOUNT);
});

await test('s3', async () => {
  const { S3 } = await sdk('s3');
  const s3 = new S3({ ...options, forcePathStyle: true });
  await s3.createBucket({ Bucket: 'js-bucket' });
  for (const ChecksumAlgorithm of [undefined, 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']) {
    const Key = `a b/${ChecksumAlgorithm}`;
    const Body = Buffer.alloc(200000, `${ChecksumAlgorithm} `);
    await s3.putObject({ Bucket: 'js-bucket', Key, Body, ChecksumAlgorithm });
    const got = await s3.getObject({ Bucket: 'js-bucket', Key, ChecksumMode: 'ENABLED' });
    assert.deepEqual(Buffer.from(await got.Body.transformToByteArray()), Body);
  }
  const listed = await s3.listObjectsV2({ Bucket: 'js-bucket', Prefix: 'a b/' });
  assert.equal(listed.KeyCount, 6);
  const deleted = await s3.deleteObjects({ Bucket: 'js-bucket', Delete: { Objects: listed.Contents.map(({ Key }) => ({ Key })) } });
  assert.equal(deleted.Deleted.length, 6);
  await refused('NoSuchKey', s3.getObject({ Bucket: 'js-bucket', Key: 'nothing' }));
  await s3.deleteBucket({ Bucket: 'js-bucket' });
});

await test('dynamodb', async () => {
  const { DynamoDB, ConditionalCheckFailedException } = await sdk('dynamodb');
  const db = new DynamoDB(options);
  await db.createTable({ TableName: 'js-table', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] });
  await until('the table', async () => (await db.describeTable({ TableName: 'js-table' })).Table.TableStatus === 'ACTIVE');
  const Item = { pk: { S: 'x' }, b: { B: new Uint8Array([0, 255]) }, n: { N: '0.1' }, l: { L: [{ NULL: true }, { M: {} }] } };
  await db.putItem({ TableName: 'js-table', Item });
  assert.deepEqual((await db.getItem({ TableName: 'js-table', Key: { pk: { S: 'x' } } })).Item, Item);
  const clash = await db.putItem({ TableName: 'js-table', Item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
    .catch((error) => error);
  assert.ok(clash instanceof ConditionalCheckFailedException);
  assert.deepEqual(clash.Item, Item);
});

await test('lambda', async () => {
  const { Lambda } = await sdk('lambda');
  const lambda = new Lambda(options);
  const { readFileSync } = await import('node:fs');
  await lambda.createFunction({ FunctionName: 'js', Runtime: 'provided.al2023', Handler: 'bootstrap', Role: role, Code: { ZipFile: readFileSync(PACKAGE) } });
  await until('the function', async () => (await lambda.getFunctionConfiguration({ FunctionName: 'js' })).State === 'Active');
  const answer = await lambda.invoke({ FunctionName: 'js', Payload: JSON.stringify({ hello: 'you' }), LogType: 'Tail' });
  assert.deepEqual(JSON.parse(Buffer.from(answer.Payload)), { hello: 'you' });
  assert.match(Buffer.from(answer.LogResult, 'base64').toString(), /REPORT RequestId/);
});

await test('stepfunctions', async () => {
  const { SFN } = await sdk('sfn');
  const sfn = new SFN(options);
  const { stateMachineArn } = await sfn.createStateMachine({ name: 'js', roleArn: role,
    definition: JSON.stringify({ StartAt: 'm', States: { m: { Type: 'Map', ItemsPath: '$.list', End: true,
      ItemProcessor: { StartAt: 'p', States: { p: { Type: 'Pass', Parameters: { 'v.$': 'States.MathAdd($, 1)' }, End: true } } } } } }) });
  const { executionArn } = await sfn.startExecution({ stateMachineArn, input: '{"list": [1, 2, 3]}' });
  const done = await until('its end', async () => {
    const described = await sfn.describeExecution({ executionArn });
    return described.status !== 'RUNNING' && described;
  });
  assert.deepEqual(JSON.parse(done.output), [{ v: 2 }, { v: 3 }, { v: 4 }]);
});

await test('logs', async () => {
  const { CloudWatchLogs } = await sdk('cloudwatch-logs');
  const logs = new CloudWatchLogs(options);
  await logs.createLogGroup({ logGroupName: '/js' });
  await logs.createLogStream({ logGroupName: '/js', logStreamName: 's' });
  await logs.putLogEvents({ logGroupName: '/js', logStreamName: 's', logEvents: [{ timestamp: Date.now(), message: 'ünï' }] });
  assert.equal((await logs.getLogEvents({ logGroupName: '/js', logStreamName: 's' })).events[0].message, 'ünï');
});

await test('cloudwatch', async () => {
  const { CloudWatch } = await sdk('cloudwatch');
  const cloudwatch = new CloudWatch(options);
  await cloudwatch.putMetricData({ Namespace: 'Js', MetricData: [{ MetricName: 'm', Value: 4, Timestamp: new Date() }] });
  assert.equal((await cloudwatch.listMetrics({ Namespace: 'Js' })).Metrics[0].MetricName, 'm');
  const span = { StartTime: new Date(Date.now() - 300000), EndTime: new Date(Date.now() + 300000) };
  const { MetricDataResults } = await cloudwatch.getMetricData({ ...span, MetricDataQueries: [
    { Id: 'm', MetricStat: { Metric: { Namespace: 'Js', MetricName: 'm' }, Period: 60, Stat: 'Sum' } }] });
  assert.deepEqual(MetricDataResults[0].Values, [4]);
  await cloudwatch.putMetricAlarm({ AlarmName: 'js', Namespace: 'Js', MetricName: 'm', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold' });
  assert.equal((await cloudwatch.describeAlarms({ AlarmNames: ['js'] })).MetricAlarms[0].Threshold, 1);
});
