/** The page around the chat. It may run our script and use our style sheet, and reach nothing else. */
export function chatHtml({
  script,
  style,
  source,
  nonce,
}: {
  script: string
  style: string
  source: string
  nonce: string
}): string {
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${source}; script-src 'nonce-${nonce}'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mentor chat</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main>
<h1 class="heard">Mentor chat</h1>
<div id="log" role="group" tabindex="0" aria-label="Conversation"></div>
<p id="heard" class="heard" role="status"></p>
<form id="form">
<textarea id="question" rows="2" aria-label="Question to the mentor" placeholder="Ask how your team does it. Enter sends."></textarea>
<button id="send">Send</button>
<button id="stop" type="button" hidden>Stop</button>
</form>
</main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`
}
