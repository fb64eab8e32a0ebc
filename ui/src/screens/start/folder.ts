// A folder's name from a project's.

/** Letters, digits, dots and dashes; `project` where nothing is left. */
export function folderName(name: string): string {
  const plain = name
    .trim()
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 80);
  return plain === "" ? "project" : plain;
}
