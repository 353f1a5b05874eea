import { assertEquals, assertRejects } from "@std/assert";
import { isPublicAddress } from "../../../issuer/trust/address_class.ts";
import { createUrlGuard, urlFault } from "../../../issuer/trust/check_url.ts";
import { assertFault, faultsOf, rule } from "./_support.ts";

const FORBIDDEN = [
  "http://ci.example.com",
  "ftp://ci.example.com",
  "https://user@ci.example.com",
  "https://user:pass@ci.example.com",
  "https://ci.example.com:8443",
  "https://ci.example.com:80",
  "https://127.0.0.1",
  "https://127.1",
  "https://2130706433",
  "https://0x7f.0.0.1",
  "https://0177.0.0.1",
  "https://0.0.0.0",
  "https://10.0.0.1",
  "https://172.16.0.1",
  "https://192.168.1.1",
  "https://169.254.169.254",
  "https://169.254.170.23",
  "https://100.100.100.200",
  "https://8.8.8.8",
  "https://[::1]",
  "https://[::]",
  "https://[fe80::1]",
  "https://[fd00:ec2::254]",
  "https://[::ffff:127.0.0.1]",
  "https://[::ffff:a9fe:a9fe]",
  "https://[2606:4700::1111]",
  "https://localhost",
  "https://LOCALHOST",
  "https://localhost.",
  "http://localhost:8000",
  "https://cache.localhost",
  "http://cache.localhost/invalidate/http",
  "https://kv.internal",
  "https://metadata.google.internal",
  "https://metadata",
  "https://kubernetes.default.svc",
  "https://kubernetes.default.svc.cluster.local",
  "https://printer.local",
  "https://router.lan",
  "https://nas.home.arpa",
  "https://host.localdomain",
  "https://intranet",
  "https://ci.example.com.",
  "https://１２７.０.０.１",
];

const NOT_A_WEB_URL = [
  "data:application/json,{}",
  "file:///etc/passwd",
  "blob:https://ci.example.com/1",
  "javascript:1",
  "//ci.example.com",
  "ci.example.com",
  "",
  "https://",
];

Deno.test("threat 35: no rule may name an issuer in a private, local or metadata place", () => {
  for (const issuer of [...FORBIDDEN, ...NOT_A_WEB_URL]) {
    assertFault(rule({ issuer }), "/0/issuer: ");
  }
  assertFault(rule({ issuer: "https://kv.example.com" }), "/0/issuer: ", {
    forbiddenHosts: ["kv.example.com"],
  });
});

Deno.test("threat 35: an issuer must be written in its plain form", () => {
  for (
    const issuer of [
      "https://CI.example.com",
      "https://ci.example.com:443",
      "https://ci.example.com/a/../b",
      "https://ci.example.com?x=1",
      "https://ci.example.com#x",
      "https://ci.example.com?",
      "https://ci.example.com//a",
      "https://ci.example.com/%61",
      "HTTPS://ci.example.com",
      " https://ci.example.com",
      "https://ci.example.com\n",
      "https://ci.exämple.com",
    ]
  ) {
    assertFault(rule({ issuer }), "/0/issuer: ");
  }
  for (
    const issuer of [
      "https://ci.example.com",
      "https://ci.example.com/",
      "https://ci.example.com/a/b/",
    ]
  ) {
    assertEquals(faultsOf([rule({ issuer })]), [], issuer);
  }
});

Deno.test("threat 34: an issuer has no wildcard", () => {
  for (const issuer of ["https://oidc.eks.*.amazonaws.com/id/*", "https://*.example.com", "*"]) {
    assertFault(rule({ issuer }), "/0/issuer: must be one issuer, written out");
  }
});

Deno.test("threat 35: loopback is allowed only while Signet itself runs there", () => {
  const own = { ownIssuer: "http://localhost:8000", ownIsLoopback: true };
  const entry = rule({ audience: own.ownIssuer });
  for (const issuer of ["http://localhost:9000", "http://127.0.0.1:9000/x", "https://[::1]:9000"]) {
    assertEquals(faultsOf([{ ...entry, issuer }], own), [], issuer);
    assertFault(rule({ issuer }), "/0/issuer: ");
  }
  for (
    const issuer of ["http://cache.localhost:9000", "http://10.0.0.1:9000", "http://ci.example.com"]
  ) {
    assertFault({ ...entry, issuer }, "/0/issuer: ", own);
  }
});

Deno.test("threat 36: the guard refuses every forbidden URL, however it came to be asked", async () => {
  const guard = createUrlGuard({ ownIsLoopback: false });
  for (const text of [...FORBIDDEN, ...NOT_A_WEB_URL].filter((text) => URL.canParse(text))) {
    await assertRejects(() => guard(new URL(text)), Error, "Cannot ask", text);
  }
  assertEquals(
    urlFault(new URL("https://ci.example.com/a?b=c"), { ownIsLoopback: false }),
    undefined,
  );
});

Deno.test("threat 36: where names are looked up, one address that is not public refuses the host", async () => {
  const answers: Record<string, string[]> = {
    "good.example.com": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "mixed.example.com": ["93.184.215.14", "10.0.0.1"],
    "mapped.example.com": ["::ffff:169.254.169.254"],
    "none.example.com": [],
  };
  const guard = createUrlGuard({
    ownIsLoopback: false,
    resolve: (host) => Promise.resolve(answers[host] ?? []),
  });
  await guard(new URL("https://good.example.com/jwks"));
  for (const host of ["mixed.example.com", "mapped.example.com", "none.example.com"]) {
    await assertRejects(() => guard(new URL(`https://${host}/`)), Error, "Cannot ask");
  }
});

Deno.test("isPublicAddress tells public addresses from every other block", () => {
  const inside = [
    "1.1.1.1",
    "93.184.215.14",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.0.1",
    "100.128.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2001:4860:4860::8888",
    "2a00::1",
  ];
  const outside = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.53",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "100::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "",
    "x",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1.2.3.",
    "g::1",
  ];
  for (const address of inside) assertEquals(isPublicAddress(address), true, address);
  for (const address of outside) assertEquals(isPublicAddress(address), false, address);
});
