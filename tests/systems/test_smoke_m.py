import jax.numpy as jnp
def test_w(world):
    print(world.ramp.height)
    from precipice.phases.flight import FlightPhase, FlightMemory
    import jax
    p=FlightPhase()
    s=jnp.concatenate([jnp.array([0.,0,5,20,0,3]),jnp.array([1.,0,0,0]),jnp.zeros(3)])
    jax.jit(p.vector_field)(jnp.asarray(0.),s,world,FlightMemory(jnp.asarray(1.),jnp.asarray(20.)))
