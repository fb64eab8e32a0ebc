import { describe, expect, it } from "vitest";

import { emptyVote, fromToml, plainVerdict, toToml, valuesFor, type Mapping } from "./mapping";
import { text } from "./toml";

function mapping(more: Partial<Mapping> = {}): Mapping {
  return {
    ...{ task: { by: "text", value: "text_to_text", values: [] }, id: "idx" },
    prompt: { texts: ["instruction", "input"], media: [] },
    ...{ response1: { texts: ["response1"], media: [] }, response2: { texts: ["response2"], media: [] } },
    criterion: { by: "text", value: "Which response is better?" },
    ...{ model1: "", model2: "", models: { field: "", split: "" } },
    ...{ resolution: { field: "", values: [] }, votes: [] },
    ...more,
  };
}

const FULL = `task = { field = "kind", values = { "t2v" = "text_to_video" } }
id = "idx"
prompt = { text = ["instruction", "input"], image = "source", audio = "sound" }
response1 = { video = "a" }
response2 = ["b", "c"]
model1 = "ma"
model2 = "mb"
criterion = { field = "why" }
resolution = { field = "winner", values = { "a" = "response1", "bad" = "both_bad" } }

[[vote]]
annotator = "ann"
field = "v1"
values = { "b" = "response1", "a" = "tie" }
confidence = { field = "sure", values = { "low" = 1 } }
rationale = "reason"

[[vote]]
annotator_field = "worker"
field = "v2"
values = { "2" = "response2" }
at_ms = "time"
`;

describe("a mapping as TOML", () => {
  it("is the one of the specification", () => {
    const values = [
      { value: "1", means: "response1" },
      { value: "2", means: "response2" },
      { value: "0", means: "tie" },
      { value: "x", means: "" },
    ];
    const votes = [{ ...emptyVote(), annotator: "annotator1", field: "annotator1", values }];
    expect(toToml(mapping({ votes }))).toBe(`task = "text_to_text"
id = "idx"
prompt = ["instruction", "input"]
response1 = "response1"
response2 = "response2"
criterion = { text = "Which response is better?" }

[[vote]]
annotator = "annotator1"
field = "annotator1"
values = { "1" = "response1", "2" = "response2", "0" = "tie" }
`);
  });

  it("comes back as it went, with everything that Rust's mapping can say", () => {
    const read = fromToml(FULL);
    expect(read && toToml(read)).toBe(FULL);
    const split = 'prompt = "p"\nresponse1 = "a"\nresponse2 = "b"\nmodels = { field = "cmp", split = "_" }\n';
    const models = fromToml(split);
    expect(models && toToml(models)).toBe(split);
  });

  it("takes a model that stands in its response", () => {
    expect(fromToml('response2 = { text = "b", model = "mb" }')).toMatchObject({
      ...{ model2: "mb", response2: { texts: ["b"], media: [] } },
    });
  });

  it("that is none, or not of the shape, breaks nothing", () => {
    expect(fromToml("task = ")).toBeNull();
    expect(fromToml("task = 7\nvote = 3\nprompt = [1, {}]\ncriterion = true")).toMatchObject({
      ...{ votes: [], prompt: { texts: ["1"] }, criterion: { by: "none" } },
    });
  });

  it("leaves out what is not chosen", () => {
    const bare = mapping({
      ...{ task: { by: "text", value: "", values: [] }, id: "", criterion: { by: "none", value: "" } },
      ...{ response2: { texts: [], media: [] }, votes: [emptyVote()] },
    });
    expect(toToml(bare)).toBe('prompt = ["instruction", "input"]\nresponse1 = "response1"\n');
  });
});

it("strings are escaped as TOML wants it", () => {
  expect(text('a"b\\c')).toBe('"a\\"b\\\\c"');
  expect(text("tab\tnew\nline\r\b\f")).toBe('"tab\\tnew\\nline\\r\\b\\f"');
  expect(text("\u0000\u001b\u007f")).toBe('"\\u0000\\u001b\\u007f"');
  expect(text("عربي 中文 👩")).toBe('"عربي 中文 👩"');
  expect(text("\ud800x")).toBe('"\ufffdx"');
});

it("hostile names and values survive the way there and back", () => {
  for (const name of ['"]\n[[vote]]', "\\", "a = 1 # x", "\u0007", "'''", "__proto__"]) {
    const votes = [{ ...emptyVote(), annotator: name, field: name, values: [{ value: name, means: "tie" }] }];
    const read = fromToml(toToml(mapping({ id: name, votes })));
    expect(read?.id).toBe(name);
    expect(read?.votes[0]).toMatchObject({ annotator: name, field: name, values: [{ value: name, means: "tie" }] });
  }
});

it("a value table starts with the verdicts that are plain to see", () => {
  const column = { name: "v", examples: ["1"], values: ["1", "2", "0", "?"] };
  expect(valuesFor(column).map(({ means }) => means)).toEqual(["response1", "response2", "tie", ""]);
  expect(valuesFor({ ...column, values: [] })).toEqual([{ value: "1", means: "response1" }]);
  expect(plainVerdict("Model A")).toBe("response1");
});
