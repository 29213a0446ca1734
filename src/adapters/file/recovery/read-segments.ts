import { readAll } from "../disk/file-system.ts";
import type { OpenFile } from "../disk/file-system.ts";
import { FILE_HEADER_BYTES, FIRST_FORMAT_WITH_TRAIL, isTornHeader, seedOf } from "../disk/file-header.ts";
import type { FileHeader } from "../disk/file-header.ts";
import { FileWindow } from "../disk/file-window.ts";
import { fileName } from "../disk/store-files.ts";
import type { StoreFiles } from "../disk/store-files.ts";
import { damaged } from "../file-store-error.ts";
import { readFrames } from "../log/read-frames.ts";
import { OpenSegment } from "../trail/open-segment.ts";
import { SealedSegment } from "../trail/sealed-segment.ts";
import { FOOTER_BYTES, decodeFooter } from "../trail/segment-index.ts";
import { checkHeader, readStart } from "./check-header.ts";
import type { Progress, RecoveryScene } from "./progress.ts";

/** A segment of the trail as it was found. */
export interface SegmentFile {
  readonly path: string;
  readonly generation: number;
  readonly segment: SealedSegment | OpenSegment;
  /** Of the file, in bytes; what is behind the end of an open segment was cut off while it was written. */
  readonly size: number;
}

/** Reads what is to be known of the trail's segments: of full ones how they end, of the last one which entries it has. */
export async function readSegments(scene: RecoveryScene, names: StoreFiles, progress: Progress): Promise<readonly SegmentFile[]> {
  if (names.snapshot === undefined) await peekFormat(scene, names, progress);
  // The first format had no trail: these were made by a move to this one that was not finished.
  if (progress.format < FIRST_FORMAT_WITH_TRAIL) return [];
  const found: SegmentFile[] = [];
  for (const generation of names.segments) {
    const before = found.at(-1);
    if (before !== undefined && generation !== before.generation + 1) throw damaged(scene.directory, 0, `${fileName("trail", before.generation + 1)} is missing`);
    found.push(await readSegment(scene, generation, before, progress));
  }
  refuseLostEntries(scene, found.at(-1), progress);
  return found;
}

async function peekFormat(scene: RecoveryScene, { logs: [generation] }: StoreFiles, progress: Progress): Promise<void> {
  if (generation === undefined) return;
  const path = `${scene.directory}/${fileName("log", generation)}`;
  const file = await scene.files.open(path, "read");
  try {
    const start = await readStart(file);
    if (!isTornHeader(start)) checkHeader(start, path, "log", generation, progress);
  } finally {
    await file.close();
  }
}

async function readSegment(scene: RecoveryScene, generation: number, before: SegmentFile | undefined, progress: Progress): Promise<SegmentFile> {
  const path = `${scene.directory}/${fileName("trail", generation)}`;
  const file = await scene.files.open(path, "read");
  try {
    const size = await file.size();
    const header = checkHeader(await readStart(file), path, "trail", generation, progress);
    if (before !== undefined) refuseGap(path, header, before);
    return { path, generation, size, segment: (await readSealed(scene, file, path, header, size)) ?? (await readOpen(scene, file, header, size)) };
  } finally {
    await file.close();
  }
}

/** A segment is begun when the one before it is full and safe. */
function refuseGap(path: string, header: FileHeader, before: SegmentFile): void {
  const { segment } = before;
  if (segment instanceof OpenSegment) throw damaged(before.path, segment.end, "it is not whole, and a later segment was already begun");
  const expected = segment.first + segment.count;
  if (header.sequence !== expected) throw damaged(path, 0, `it begins with entry ${header.sequence}, and the one before ends before entry ${expected}`);
}

async function readSealed({ files }: RecoveryScene, file: OpenFile, path: string, header: FileHeader, size: number): Promise<SealedSegment | undefined> {
  const bytes = Buffer.alloc(FOOTER_BYTES);
  await readAll(file, bytes, Math.max(FILE_HEADER_BYTES, size - FOOTER_BYTES));
  const footer = decodeFooter(bytes, seedOf(header), size);
  return footer === undefined ? undefined : new SealedSegment(files, path, header, footer);
}

/** What is not whole in it, and all behind that, is in the log as well. */
async function readOpen({ files, directory }: RecoveryScene, file: OpenFile, header: FileHeader, size: number): Promise<OpenSegment> {
  const segment = new OpenSegment(files, directory, header);
  await readFrames(new FileWindow(file, size), FILE_HEADER_BYTES, segment.seed, (number, bytes, start, end) => {
    if (number !== segment.next) return false;
    return segment.restore(bytes, start, end);
  });
  return segment;
}

function refuseLostEntries({ directory }: RecoveryScene, last: SegmentFile | undefined, progress: Progress): void {
  if (last === undefined && progress.entries > 0) throw damaged(directory, 0, `the snapshot has seen entry ${progress.entries} of the trail, and there is no segment`);
  if (last === undefined) return;
  const { segment } = last;
  progress.inSegments = segment.first + segment.count - 1;
  if (progress.inSegments >= progress.entries) return;
  const end = segment instanceof OpenSegment ? segment.end : segment.footer.entriesEnd;
  throw damaged(last.path, end, `it ends with entry ${progress.inSegments} of the trail, and the snapshot has seen entry ${progress.entries}`);
}
