/**
 * What both mocks answer when the user's message has this word. Each word of the text is four characters with its space
 * and one token, so that cutting it by tokens and cutting it by four characters gives the same chunks.
 */
export const TRIGGER = "bridges";
export const CHUNK_CHARACTERS = 4;
export const MOCK_CHUNKS = 64;
export const TEXT: string = Array.from({ length: MOCK_CHUNKS }, (_, i) => [" one", " two", " six", " ten"][i % 4]).join(
  "",
);
