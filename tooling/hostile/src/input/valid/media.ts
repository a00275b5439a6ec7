import fc from "fast-check";

const PIXEL = {
  png: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  gif: "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==",
};

/** Pictures that are some, in the request and elsewhere: this engine takes addresses as they are, and nobody fetches them. */
export const imageUrl = fc.constantFrom(
  `data:image/png;base64,${PIXEL.png}`,
  `data:image/gif;base64,${PIXEL.gif}`,
  "https://pictures.example/1.png",
);

const base64 = fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString("base64"));

export const sound = fc.record({ data: base64, format: fc.constantFrom("wav", "mp3") });
export const pdf = base64.map((data) => `data:application/pdf;base64,${data}`);
