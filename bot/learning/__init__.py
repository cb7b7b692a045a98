"""How models come to be: when one is trained (`due`, pure), by what (`lesson`, in a process of
its own), who is told (`training`), and how the running one reaches its detector (`running`).
"""
