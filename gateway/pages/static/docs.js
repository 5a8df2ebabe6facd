"use strict";
const page = document.getElementById("docs");
const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
  oauth2RedirectUrl: window.location.origin + "/docs/oauth2-redirect",
});
if (page.dataset.client) {
  ui.initOAuth({
    clientId: page.dataset.client,
    scopes: "openid",
    usePkceWithAuthorizationCodeGrant: true,
  });
}
