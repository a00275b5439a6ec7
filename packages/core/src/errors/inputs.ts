import type { ApiError } from "./api-error.ts";
import { invalidRequest } from "./catalogue.ts";

// What is wrong with images, audio and files in a request, in the words that the API's own service has for it.

/** 400: an image that is neither an http(s) URL nor a `data:` URL of an image. */
export function invalidImageUrl(param: string, got: string): ApiError {
  const expected =
    "Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU=')";
  return invalidRequest(`Invalid image URL: '${param}'. ${expected}, but got ${got}.`, param, "invalid_value");
}

/** 400: `type` is what the file should be, an example of it included. */
export function invalidFileData(param: string, type: FileType, got: string): ApiError {
  const expected = `Expected a base64-encoded data URL with ${type.name} (e.g. '${type.example}')`;
  return invalidRequest(`Invalid file data: '${param}'. ${expected}, but got ${got}.`, param, "invalid_value");
}

export interface FileType {
  readonly name: string;
  readonly example: string;
}

export function invalidAudioData(param: string): ApiError {
  const message = `Invalid '${param}'. Expected base64-encoded audio bytes, but got an invalid base64-encoded value.`;
  return invalidRequest(message, param, "invalid_value");
}

const FORMATS = "is of one the following formats: ['png', 'jpeg', 'gif', 'webp']";

/** 400: the bytes are no image of a format that models see. */
export function unsupportedImage(param: string): ApiError {
  const message = `You uploaded an unsupported image. Please make sure your image ${FORMATS}.`;
  return invalidRequest(message, param, "invalid_image_format");
}

export function imageTooLarge(param: string, megabytes: number): ApiError {
  const limit = `is below ${megabytes} MB in size and`;
  const message = `You uploaded an unsupported image. Please make sure your image ${limit} ${FORMATS}.`;
  return invalidRequest(message, param, "invalid_image");
}

export function tooManyImages(param: string, count: number, maximum: number): ApiError {
  return invalidRequest(`Number of images (${count}) exceeds maximum of ${maximum}`, param, "too_many_images");
}

export function mediaTooLarge(param: string, bytes: number, limit: number): ApiError {
  const message = `Total size of images, audio and files is ${megabytes(bytes)}, which exceeds the allowed limit of ${megabytes(limit)}.`;
  return invalidRequest(message, param, "request_too_large");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)}MB`;
}

/** 400: a content part that the model behind this id cannot take. */
export function unsupportedContent(type: string, param: string): ApiError {
  return invalidRequest(`Invalid content type. ${type} is only supported by certain models.`, param);
}

/** 400: an image that is elsewhere could not be had. */
export function imageDownloadFailed(param: string, url: string, reason: string): ApiError {
  return invalidRequest(`Failed to download image from ${shown(url)}. ${reason}`, param, "invalid_image_url");
}

export function imageDownloadTimeout(param: string, url: string): ApiError {
  return invalidRequest(`Timeout while downloading ${shown(url)}.`, param, "invalid_image_url");
}

/** Without the query, which may be a signature. */
function shown(url: string): string {
  return (url.split(/[?#]/, 1)[0] as string).slice(0, 256);
}
