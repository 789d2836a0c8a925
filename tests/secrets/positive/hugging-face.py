from huggingface_hub import login

login("hf_{{fake:alpha 34}}")
