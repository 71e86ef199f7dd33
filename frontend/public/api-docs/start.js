// The contract of this installation, readable without any other server.
SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true })
