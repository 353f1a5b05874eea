import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseXml, xmlAt, xmlText } from "../../../client/aws/parse_xml.ts";

Deno.test("parseXml reads elements, attributes aside, and decodes entities", () => {
  const xml = parseXml(
    `<?xml version="1.0"?>\n<A xmlns="u"><!-- <B>no</B> --><B>a &amp; b&#xA;&#65;&lt;&quot;</B><C/><D x="1">d</D></A>`,
  );
  assertEquals(xmlText(xml, "A", "B"), 'a & b\nA<"');
  assertEquals(xmlText(xml, "A", "C"), "");
  assertEquals(xmlText(xml, "A", "D"), "d");
  assertEquals(xmlText(xml, "A", "missing", "deeper"), undefined);
});

Deno.test("parseXml decodes each entity once", () => {
  assertEquals(xmlText(parseXml("<A>&amp;lt;&amp;#65;</A>"), "A"), "&lt;&#65;");
});

Deno.test("parseXml gives up on what is not well-formed or could expand", () => {
  const bad = [
    "",
    "plain",
    "<A>",
    "</A>",
    "<A><B></A></B>",
    "<A>&unknown;</A>",
    "<A>&</A>",
    "<A>&#x110000;</A>",
    '<!DOCTYPE a [<!ENTITY x "y">]><A>&x;</A>',
    "<A>1 < 2</A>",
    "<A></A>tail",
    `${"<A>".repeat(40)}${"</A>".repeat(40)}`,
  ];
  for (const text of bad) assertEquals(parseXml(text), undefined, text.slice(0, 40));
});

Deno.test("parseXml does not let names reach an object's prototype", () => {
  const xml = parseXml("<__proto__><polluted>yes</polluted></__proto__>");
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
  assertEquals(xmlText(xml, "__proto__", "polluted"), "yes");
});

Deno.test("parseXml gives back any text that was escaped", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    assertEquals(xmlAt(parseXml(`<A>${escaped}</A>`), "A"), text);
  }));
});

Deno.test("parseXml never throws", () => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    "/",
    "A",
    "&",
    "#",
    "x4",
    ";",
    "!--",
    "-->",
    "?",
    " ",
    '"',
  );
  fc.assert(fc.property(fc.array(pieces), (parts) => void parseXml(parts.join(""))));
});
