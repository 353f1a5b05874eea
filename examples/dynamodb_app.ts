// An app that keeps orders in DynamoDB as itself: no access key anywhere. Its identity token becomes the credentials
// of the role that SIGNET_AWS_ROLE_ARN names. Once: signet setup aws --workload web --account 123456789012
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { awsCredentials } from "@signet/oidc/client/aws";

const TableName = "orders";
const dynamo = new DynamoDBClient({
  region: Deno.env.get("SIGNET_AWS_REGION") ?? "eu-central-1",
  credentials: awsCredentials(),
});

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  const id = new URL(request.url).pathname.slice(1);
  if (request.method === "PUT") {
    const Item = { id: { S: id }, total: { N: await request.text() } };
    await dynamo.send(new PutItemCommand({ TableName, Item }));
    return new Response("stored", { status: 201 });
  }
  const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
  return Item ? new Response(Item.total?.N) : new Response("no such order", { status: 404 });
});
