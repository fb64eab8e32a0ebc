// Tasks in words.

const WORDS: Readonly<Record<string, string>> = {
  text: "text",
  image: "image",
  video: "video",
  audio: "audio",
  "3D": "3D",
};

/** The nine tasks of Omni-RewardBench. */
export const TASKS: readonly string[] = [
  ...["text_to_text", "text_image_to_text", "text_video_to_text", "text_audio_to_text"],
  ...["text_to_image", "text_to_video", "text_to_audio", "text_to_3D", "text_image_to_image"],
];

/** `text_image_to_text` as "text + image → text"; a project's own task as it is. */
export function taskName(task: string): string {
  const [from, to, more] = task.split("_to_");
  if (from === undefined || to === undefined || more !== undefined) return task;
  const side = (part: string) => part.split("_").map((word) => WORDS[word]);
  const words = [side(from), side(to)];
  if (words.flat().includes(undefined)) return task;
  return words.map((part) => part.join(" + ")).join(" → ");
}

/** A count with a thin space between thousands, and its noun. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 12 345 with narrow no-break spaces. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}
