# The stack of containers. Without Docker: `npm ci && npm start`.
COMPOSE := docker compose -f docker-compose.yml -f docker-compose.prometheus.override.yml
REQUESTS ?= 100
DRILL ?= drills/article.yaml

.DEFAULT_GOAL := help
.PHONY: help up down demo traffic fault reset ps logs test

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

up: ## start everything and wait until it is healthy
	$(COMPOSE) up -d --build --wait

down: ## stop everything; the data stays in its volumes
	$(COMPOSE) down

demo: ## prove on the running stack that the page arrives
	npx slo-guard drill $(DRILL) --service-a http://127.0.0.1:8001 --service-b http://127.0.0.1:8002 \
	  --prometheus http://127.0.0.1:9090 --alertmanager http://127.0.0.1:9093 \
	  --receiver http://127.0.0.1:8080 --jaeger http://127.0.0.1:16686

traffic: ## send REQUESTS requests to the gateway, whatever they answer
	@for i in $$(seq 1 $(REQUESTS)); do curl -s -o /dev/null http://127.0.0.1:8001/work; done

fault: ## let every answer of service_b be an error, for ten minutes at most
	curl -fsS -X POST http://127.0.0.1:8002/admin/failmode -H 'Content-Type: application/json' \
	  -d '{"mode": "error", "error_rate": 1.0}'

reset: ## end the fault
	curl -fsS -X POST http://127.0.0.1:8002/admin/failmode -d '{"mode": "none"}'

ps: ## the containers and their health
	$(COMPOSE) ps

logs: ## follow what they log
	$(COMPOSE) logs -f --tail=100

test: ## the tests that need Node alone
	npm test
