"""The dashboard: `streamlit run dashboard.py` imports it for its server, then runs it as the first page."""

import streamlit as st

if __name__ == "__main__":
    from fmnist.ui.home import show_home

    show_home()
else:
    from fmnist.ui.server import MIDDLEWARE, lifespan

    app = st.App(__file__, lifespan=lifespan, middleware=MIDDLEWARE)
