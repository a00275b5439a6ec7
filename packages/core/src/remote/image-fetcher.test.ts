import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createImageFetcher, type ImageFetcherOptions, isPublicImageTarget } from "./image-fetcher.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server of images on 127.0.0.1; gives its port. */
async function serving(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const PNG = [0x89, 0x50, 0x4e, 0x47];
const png = (_request: IncomingMessage, response: ServerResponse) => response.end(Uint8Array.from(PNG));

/** A fetcher for which every name is 127.0.0.1, and the servers of the test may be connected to. */
function fetcher(options: ImageFetcherOptions = {}) {
  const asked: string[] = [];
  const fetchImage = createImageFetcher({
    lookup: async (hostname) => {
      asked.push(hostname);
      return ["127.0.0.1"];
    },
    allow: ({ address }) => address === "127.0.0.1",
    ...options,
  });
  const get = async (url: string, { signal = new AbortController().signal, maxBytes = 1000 } = {}) => [
    ...(await fetchImage(url, { signal, maxBytes })),
  ];
  return { get, asked };
}

const UNREACHABLE = "The URL could not be reached.";

it("fetches the bytes, asking for a name once and saying it to the server", async () => {
  const requests: { url: string | undefined; host: string | undefined }[] = [];
  const port = await serving((request, response) => {
    requests.push({ url: request.url, host: request.headers.host });
    png(request, response);
  });
  const { get, asked } = fetcher();
  expect(await get(`http://images.example:${port}/a.png?x=1#y`)).toEqual(PNG);
  expect(requests).toEqual([{ url: "/a.png?x=1", host: `images.example:${port}` }]);
  expect(asked).toEqual(["images.example"]);
});

it("follows three redirects, relative ones too, and not a fourth", async () => {
  const port = await serving((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) png(request, response);
    else response.writeHead(left % 2 ? 302 : 308, { location: `/${left - 1}` }).end();
  });
  const { get } = fetcher();
  expect(await get(`http://a.example:${port}/3`)).toEqual(PNG);
  await expect(get(`http://a.example:${port}/4`)).rejects.toThrow("It redirects too often.");
});

it("asks again where each redirect leads, and goes no further than it may", async () => {
  let reached = 0;
  const port = await serving((request, response) => {
    if (request.url === "/inside") reached += 1;
    const to = new URL(request.url as string, "http://x").searchParams.get("to");
    if (to) response.writeHead(302, { location: to }).end();
    else png(request, response);
  });
  const { get } = fetcher({ allow: ({ hostname }) => hostname === "outside.example" });
  for (const to of [
    `http://127.0.0.1:${port}/inside`,
    `http://inside.example:${port}/inside`,
    `//127.0.0.1:${port}/inside`,
    `http://[::ffff:127.0.0.1]:${port}/inside`,
  ]) {
    await expect(get(`http://outside.example:${port}/?to=${encodeURIComponent(to)}`)).rejects.toThrow(UNREACHABLE);
  }
  for (const to of ["file:///etc/passwd", "gopher://127.0.0.1/", `http://user:secret@outside.example:${port}/`]) {
    await expect(get(`http://outside.example:${port}/?to=${encodeURIComponent(to)}`)).rejects.toThrow(
      "Image URL is invalid",
    );
  }
  expect(reached).toBe(0);
});

it.each([
  "http://127.0.0.1/",
  "http://127.1/",
  "http://2130706433/",
  "http://0177.0.0.1/",
  "http://0x7f.0.0.1/",
  "http://0x7f000001/",
  "http://127.0.0.1./",
  "http://0/",
  "http://10.0.0.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[fd00:ec2::254]/",
  "http://[fe80::1]/",
  "http://①②⑦.0.0.1/",
  "http://1.1.1.1:22/",
  "http://1.1.1.1:6379/",
])("by default, connects nowhere for %s", async (url) => {
  await expect(createImageFetcher()(url, { signal: AbortSignal.timeout(5000), maxBytes: 1 })).rejects.toThrow(
    UNREACHABLE,
  );
});

it.each(["https://user:password@images.example/", "ftp://images.example/", "http://", "javascript:alert(1)", "a.png"])(
  "takes %s for no image's URL",
  async (url) => {
    const { get, asked } = fetcher();
    await expect(get(url)).rejects.toThrow("Image URL is invalid");
    expect(asked).toEqual([]);
  },
);

it("refuses a name of which a single address is not public, and does not look it up again", async () => {
  let lookups = 0;
  const port = await serving(png);
  const answers = [["93.184.216.34", "10.0.0.1"], ["127.0.0.1"]];
  const { get } = fetcher({
    lookup: async () => answers[lookups++] as string[],
    allow: (target) => isPublicImageTarget({ ...target, port: 80 }),
  });
  await expect(get(`http://rebinding.example:${port}/`)).rejects.toThrow(UNREACHABLE);
  expect(lookups).toBe(1);
  await expect(get(`http://rebinding.example:${port}/`)).rejects.toThrow(UNREACHABLE);
});

it("says the same of a name that does not exist, one that is inside and one that does not answer", async () => {
  const port = await serving(png);
  servers.splice(0).forEach((server) => void server.close());
  const nowhere = fetcher({ lookup: () => Promise.reject(new Error("ENOTFOUND")) });
  await expect(nowhere.get("http://a.example/")).rejects.toThrow(UNREACHABLE);
  await expect(fetcher({ lookup: async () => [] }).get("http://a.example/")).rejects.toThrow(UNREACHABLE);
  await expect(fetcher({ allow: () => false }).get("http://a.example/")).rejects.toThrow(UNREACHABLE);
  await expect(fetcher().get(`http://a.example:${port}/`)).rejects.toThrow(UNREACHABLE);
});

it("tries the next address when one does not answer", async () => {
  const port = await serving(png);
  const { get } = fetcher({ lookup: async () => ["127.0.0.2", "127.0.0.1"], allow: () => true });
  expect(await get(`http://a.example:${port}/`)).toEqual(PNG);
});

it("reads no more than it may, whether the size is announced or not", async () => {
  let sent = 0;
  const port = await serving((request, response) => {
    if (request.url === "/announced") return response.writeHead(200, { "content-length": 5000 }).write("x");
    const send = () => {
      sent += 1;
      if (!response.destroyed) response.write(new Uint8Array(500), () => setImmediate(send));
    };
    return send();
  });
  const { get } = fetcher();
  await expect(get(`http://a.example:${port}/announced`)).rejects.toThrow("Image size exceeds the limit.");
  await expect(get(`http://a.example:${port}/`)).rejects.toThrow("Image size exceeds the limit.");
  expect(sent).toBeLessThan(2000);
});

it("says with which status there is no image", async () => {
  const port = await serving((_request, response) => response.writeHead(404).end("gone"));
  await expect(fetcher().get(`http://a.example:${port}/`)).rejects.toThrow("The server answered with status 404.");
});

it.each(["/silent", "/head", "/slow"])("ends with its signal while a server is %s", async (path) => {
  const controller = new AbortController();
  let closed: () => void = () => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const port = await serving((request, response) => {
    response.on("close", closed);
    if (request.url === "/silent") return void setImmediate(() => controller.abort());
    response.writeHead(200);
    if (request.url === "/head") response.flushHeaders();
    else response.write("x");
    setImmediate(() => controller.abort());
  });
  await expect(fetcher().get(`http://a.example:${port}${path}`, { signal: controller.signal })).rejects.toThrow();
  await isClosed;
});

it("does not wait for a resolver that hangs", async () => {
  const { get } = fetcher({ lookup: () => new Promise(() => {}) });
  const controller = new AbortController();
  const fetching = get("http://a.example/", { signal: controller.signal });
  controller.abort();
  await expect(fetching).rejects.toThrow();
});

it("asks for the certificate of the name in the URL, although it connects to an address", async () => {
  let hello = "";
  const server = createTcpServer((socket) => {
    socket.on("data", (bytes) => {
      hello += bytes.toString("latin1");
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await expect(fetcher().get(`https://images.example:${port}/`)).rejects.toThrow(UNREACHABLE);
  expect(hello).toContain("images.example");
  server.close();
});
