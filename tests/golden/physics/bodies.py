"""Networks of bodies restated in JAX: an energy and forces, and integrators; in float64.

After Sanchez-Gonzalez et al. 2019, arXiv:1909.12790, with kinetic and potential energy apart.
"""

import jax
import jax.numpy as jnp
import numpy as np

rng = np.random.default_rng(2)
N, D, LATENT, DT = 4, 2, 6, 0.25


def rounded(*shape):
    return rng.normal(0, 0.7, shape).astype(np.float32).astype(np.float64)


def draw_mlp(*sizes):
    return {
        "layers": [{"w": rounded(a, b), "b": rounded(b)} for a, b in zip(sizes[:-1], sizes[1:])],
        "layerNorm": None,
    }


def mlp(params, x):
    for i, layer in enumerate(params["layers"]):
        x = x @ layer["w"] + layer["b"]
        if i < len(params["layers"]) - 1:
            x = jnp.log1p(jnp.exp(x))
    return x


def symplectic_euler(velocity, force, q, p, dt):
    p = p + dt * force(q, p)
    return q + dt * velocity(q, p), p


def leapfrog(velocity, force, q, p, dt):
    p = p + dt / 2 * force(q, p)
    q = q + dt * velocity(q, p)
    return q, p + dt / 2 * force(q, p)


def yoshida(velocity, force, q, p, dt):
    """The drifts and kicks of Yoshida's table, kicks first."""
    root = 2 ** (1 / 3)
    kicks = np.array([1, 1 - root, 1 - root, 1]) / (2 * (2 - root))
    drifts = np.array([1, -root, 1, 0]) / (2 - root)
    for kick, drift in zip(kicks, drifts):
        p = p + kick * dt * force(q, p)
        q = q + drift * dt * velocity(q, p)
    return q, p


def runge_kutta(velocity, force, q, p, dt):
    change = lambda q, p: (velocity(q, p), force(q, p))
    a, b = change(q, p)
    c, d = change(q + dt / 2 * a, p + dt / 2 * b)
    e, f = change(q + dt / 2 * c, p + dt / 2 * d)
    g, h = change(q + dt * e, p + dt * f)
    return q + dt / 6 * (a + 2 * c + 2 * e + g), p + dt / 6 * (b + 2 * d + 2 * f + h)


INTEGRATORS = {
    "symplecticEuler": symplectic_euler, "leapfrog": leapfrog, "yoshida": yoshida, "rungeKutta": runge_kutta,
}


def plain(tree):
    """Arrays as lists."""
    return None if tree is None else jax.tree.map(lambda x: np.asarray(x).tolist(), tree)


def bodies():
    senders, receivers = np.array([(a, b) for a in range(N) for b in range(N) if a != b]).T
    mass = 1 + np.abs(rounded(N, 1))
    mass = mass.astype(np.float32).astype(np.float64)
    edges, q, p, q_next, p_next = rounded(len(senders), 1), rounded(N, D), rounded(N, D), rounded(N, D), rounded(N, D)

    energy_params = {"nodes": draw_mlp(1 + D, LATENT, 1), "edges": draw_mlp(1 + D, LATENT, 1)}

    def energy(q, p):
        kinetic = mlp(energy_params["nodes"], jnp.concatenate([mass, p], 1))
        potential = mlp(energy_params["edges"], jnp.concatenate([edges, q[senders] - q[receivers]], 1))
        return kinetic.sum() + potential.sum()

    force_params = {"nodes": draw_mlp(1 + LATENT, LATENT, D), "edges": draw_mlp(1 + 2 + D, LATENT, LATENT)}

    def force(q, p):
        read = [edges, mass[senders], mass[receivers], q[senders] - q[receivers]]
        messages = mlp(force_params["edges"], jnp.concatenate(read, 1))
        received = jnp.zeros((N, LATENT)).at[receivers].add(messages)
        return mlp(force_params["nodes"], jnp.concatenate([mass, received], 1))

    flows = {
        "hamiltonian": (jax.grad(energy, 1), lambda q, p: -jax.grad(energy, 0)(q, p)),
        "forces": (lambda q, p: p / mass, force),
    }
    steps = {
        flow: {name: list(step(*change, q, p, DT)) for name, step in INTEGRATORS.items()}
        for flow, change in flows.items()
    }

    def loss(flow):
        position, momentum = steps[flow]["leapfrog"]
        return (((position - q_next) / DT) ** 2).mean() + (((momentum - p_next) / DT) ** 2).mean()

    return plain({
        "mass": mass, "strength": edges, "senders": senders, "receivers": receivers, "dt": DT,
        "position": [q, q_next], "momentum": [p, p_next], "energy": energy(q, p),
        "params": {"hamiltonian": energy_params, "forces": force_params},
        "steps": steps, "losses": {flow: loss(flow) for flow in flows},
    })
