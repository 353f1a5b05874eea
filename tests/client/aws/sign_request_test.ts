/** Signature Version 4 against AWS's published vectors (aws-signing-test-suite, v4). */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type SigningInput, signRequest } from "../../../client/aws/sign_request.ts";

const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const base: SigningInput = {
  host: "example.amazonaws.com",
  body: "",
  headers: {},
  credentials,
  region: "us-east-1",
  service: "service",
  at: Date.parse("2015-08-30T12:36:00Z"),
};
const form = {
  "content-length": "13",
  "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
};
const sessionToken =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

const vectors: Record<string, { input: SigningInput; signed: string; signature: string }> = {
  "post-vanilla": {
    input: base,
    signed: "host;x-amz-date",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  "post-sts-header-before": {
    input: { ...base, credentials: { ...credentials, sessionToken } },
    signed: "host;x-amz-date;x-amz-security-token",
    signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  },
  "post-x-www-form-urlencoded": {
    input: {
      ...base,
      body: "Param1=value1",
      headers: { ...form, "content-type": "application/x-www-form-urlencoded" },
    },
    signed: "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
    signature: "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
  },
  "post-x-www-form-urlencoded-parameters": {
    input: {
      ...base,
      body: "Param1=value1",
      headers: { ...form, "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    },
    signed: "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
    signature: "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422",
  },
};

for (const [name, { input, signed, signature }] of Object.entries(vectors)) {
  Deno.test(`signRequest signs AWS's vector ${name} as AWS does`, async () => {
    const headers = await signRequest(input);
    assertEquals(
      headers.authorization,
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
        `SignedHeaders=${signed}, Signature=${signature}`,
    );
    assertEquals(headers["x-amz-date"], "20150830T123600Z");
    assertEquals(headers.host, undefined, "the runtime sets Host");
  });
}

Deno.test("signRequest sends the session token that it signed", async () => {
  const headers = await signRequest({ ...base, credentials: { ...credentials, sessionToken } });
  assertEquals(headers["x-amz-security-token"], sessionToken);
  assertStringIncludes(headers.authorization!, "x-amz-security-token");
});
