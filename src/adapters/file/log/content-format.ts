/*
 * The payload of a frame is one change after the other, and then one entry of the trail after the
 * other. A change has
 *
 *   0   flags: bit 0 put (else delete), bit 1 it expires, then two bits for the encoding of each text
 *   1   length of the collection's name, 5 of the ID, 9 of the value, in bytes
 *   13  when it expires (64-bit float), if it does
 *       the collection's name, the ID, the value as JSON
 *
 * An entry has
 *
 *   0   flags: 12, an encoding that no collection's name has
 *   1   length of what follows its number, in bytes
 *   5   its number (64-bit float)
 *   13  what trail/entry-payload.ts describes
 *
 * A large commit is written ahead in parts, each in a frame with the sequence number of the commit
 * before it. A part begins with
 *
 *   0   flags: 13
 *   1   which part it is, from 0 on (32 bits)
 *
 * and then has changes and entries as above, but the first entry of the commit has the number 0.
 * Nothing of it has happened until the frame of the commit itself comes, in the same log:
 *
 *   0   flags: 14
 *   1   how many parts it has (32 bits)
 *   5   the number of its first entry (64-bit float)
 */

export const CHANGE_HEADER_BYTES = 13;
export const EXPIRY_BYTES = 8;
export const ENTRY_HEADER_BYTES = 13;
export const ENTRY_NUMBER_AT = 5;

export const PUT = 1;
export const EXPIRES = 2;
export const COLLECTION_SHIFT = 2;
export const ID_SHIFT = 4;
export const VALUE_SHIFT = 6;
export const ENTRY = 3 << COLLECTION_SHIFT;
export const PART = ENTRY + 1;
export const PARTED = ENTRY + 2;
