/** One image of 37 × 21 pixels in each form that keeps its size elsewhere, in base64. */
export const IMAGES = {
  png: "iVBORw0KGgoAAAANSUhEUgAAACUAAAAVCAYAAADB5CeuAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAPUlEQVRIie2VMQ0AAAzCpgQliEMesiZjO3rwEwJlKueb5tpAMSWSMp3K9eoKEkRSplNhfQIJBp7hZvrgkBdWw/TvjdxW+gAAAABJRU5ErkJggg==",
  jpeg: "/9j/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wgARCAAVACUDASIAAhEBAxEB/w==",
  gif: "R0lGODlhJQAVAIAAAExpccgePCH5BAUAAAAALAAAAAAlABUAAAIajI+py+0Po5y02ouz3rz7D4biSJbmiaYqWgAAOw==",
  webp: "UklGRkIAAABXRUJQVlA4IDYAAADwAgCdASolABUAPm02l0ikIyIhJWgAgA2JZwAAKUNt8AD+934v0Hxcv//8Q5/gV/pWwqAAAAA=",
  webpLossless: "UklGRh4AAABXRUJQVlA4TBEAAAAvJAAFAAfQh5LVo/+BiOh/AAA=",
  webpExtended:
    "UklGRnAAAABXRUJQVlA4WAoAAAAQAAAAJAAAFAAAQUxQSAoAAAABB1DAiAhERP8DVlA4IEAAAAAwAwCdASolABUAPm02l0ikIyIhJWgAgA2JZwDJEA8Kvu4AAP7vvVeuLmyIo//srH/+lY//0rH8OMGJ/ZrmsAAA",
} as const;

/** The head of a PNG of any size: all that is ever read of one. */
export function pngOfSize(width: number, height: number): string {
  const bytes = new Uint8Array(24);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
}
