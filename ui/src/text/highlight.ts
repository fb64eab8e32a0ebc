// Colours for code: a limited set of languages, named by the text, never guessed.

import { createLowlight } from "lowlight";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { RootContent } from "hast";

import type { Node } from "./tree";

const lowlight = createLowlight({
  ...{ bash, c, cpp, csharp, css, diff, go, java, javascript, json, kotlin, php, python, r },
  ...{ ruby, rust, sql, swift, typescript, xml, yaml },
});

/** Longer code is shown plain. */
const LONGEST = 50_000;

/** Code as spans with a class each, or plain where the language is not known. */
export function highlight(code: string, language: string): Node[] {
  const name = language.toLowerCase();
  if (code.length > LONGEST || !lowlight.registered(name)) return [code];
  try {
    return lowlight.highlight(name, code).children.flatMap(convert);
  } catch {
    return [code];
  }
}

function convert(node: RootContent): Node[] {
  if (node.type === "text") return [node.value];
  if (node.type !== "element") return [];
  const kids = node.children.flatMap(convert);
  const names = node.properties["className"];
  const kept = (Array.isArray(names) ? names : [])
    .map(String)
    .filter((name) => /^hljs-[a-z-]+$/.test(name))
    .join(" ");
  return kept === "" ? kids : [{ tag: "span", attrs: { class: kept }, kids }];
}
