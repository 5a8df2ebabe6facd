"""The edge as it is served in production, its limiters at work with rates that a load generator does not reach."""

from bench.edge.facts import UNREACHED
from deploy.cli.stack.ports import listen
from deploy.cli.supervisor import applications
from gateway.edge.main import create_app
from gateway.edge.rate import Rate
from kernel.config import ProcessConfig

if __name__ == "__main__":
    config = ProcessConfig(process="edge")
    app = create_app(config, client_rate=Rate("client", UNREACHED, UNREACHED))
    applications.serve_edge(app, listen(config.listen_port, "the edge", config.listen_host))
