/* Uploads one file by tus-js-client as it is told, and says what came of it.

   The order is a JSON object in the first argument: {do: "upload" | "pause" | "terminate", file, url, options}. "pause"
   stops for good after the first chunk; with `url` an upload is taken up again. Prints {url, offset, sent, error}. */
import { createReadStream } from "node:fs";
import { Upload } from "tus-js-client";

const order = JSON.parse(process.argv[2]);
const said = { url: order.url ?? null, offset: 0, sent: 0, error: null };
const failed = (error) => ({ status: error.originalResponse?.getStatus() ?? 0, words: error.originalResponse?.getBody() ?? String(error) });

function run(done) {
  const upload = new Upload(createReadStream(order.file), {
    ...order.options,
    uploadUrl: order.url ?? null,
    onChunkComplete: (size, accepted) => {
      said.sent += size;
      said.offset = accepted;
      if (order.do === "pause") upload.abort().then(done);
    },
    onUploadUrlAvailable: () => (said.url = upload.url),
    onSuccess: done,
    onError: (error) => {
      said.error = failed(error);
      done();
    },
  });
  upload.start();
}

if (order.do === "terminate") {
  await Upload.terminate(order.url, order.options).catch((error) => (said.error = failed(error)));
} else {
  await new Promise(run);
}
console.log(JSON.stringify(said));
process.exit(0);
