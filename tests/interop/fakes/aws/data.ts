/** As much of S3 and DynamoDB as shows that credentials work: both take only sessions that STS opened. */
import { checkSignature, SignatureFault } from "./check_signature.ts";
import type { World } from "./world.ts";

/** Answers `PUT`, `GET` and `DELETE` of an object, path style. */
export function answerS3(request: Request, body: Uint8Array<ArrayBuffer>, world: World): Response {
  try {
    checkSignature(request, body, world);
  } catch (error) {
    return s3Error(error);
  }
  const { pathname } = new URL(request.url);
  if (request.method === "PUT") {
    world.objects.set(pathname, body);
    return new Response(null, { status: 200, headers: { etag: '"0"' } });
  }
  if (request.method === "DELETE") {
    world.objects.delete(pathname);
    return new Response(null, { status: 204 });
  }
  const object = world.objects.get(pathname);
  if (object) return new Response(object, { headers: { etag: '"0"' } });
  return s3Error(new SignatureFault("NoSuchKey", "The specified key does not exist."));
}

function s3Error(error: unknown): Response {
  if (!(error instanceof SignatureFault)) throw error;
  const code = error.code === "InvalidClientTokenId" ? "InvalidAccessKeyId" : error.code;
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${error.message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`;
  const status = code === "NoSuchKey" ? 404 : 403;
  return new Response(xml, { status, headers: { "content-type": "application/xml" } });
}

type Attribute = Record<string, string>;

/** Answers `PutItem` and `GetItem` with a string key `id`. */
export function answerDynamo(request: Request, body: Uint8Array, world: World): Response {
  try {
    checkSignature(request, body, world);
  } catch (error) {
    if (!(error instanceof SignatureFault)) throw error;
    const code = error.code === "InvalidClientTokenId" ? "UnrecognizedClientException" : error.code;
    const type = `com.amazon.coral.service#${code}`;
    return dynamo({ __type: type, message: error.message }, 400);
  }
  const input = JSON.parse(new TextDecoder().decode(body));
  const target = request.headers.get("x-amz-target");
  if (target === "DynamoDB_20120810.PutItem") {
    world.items.set(keyOf(input.TableName, input.Item.id), input.Item);
    return dynamo({});
  }
  if (target === "DynamoDB_20120810.GetItem") {
    return dynamo({ Item: world.items.get(keyOf(input.TableName, input.Key.id)) });
  }
  return dynamo({ __type: "com.amazon.coral.service#UnknownOperationException" }, 400);
}

const keyOf = (table: string, id: Attribute): string => `${table} ${id.S}`;

function dynamo(value: unknown, status = 200): Response {
  const headers = { "content-type": "application/x-amz-json-1.0" };
  return new Response(JSON.stringify(value), { status, headers });
}
