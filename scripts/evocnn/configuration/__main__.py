"""Write the files that are generated from the model: python -m evocnn.configuration."""

from pathlib import Path

from evocnn.configuration.documents import write_documents

if __name__ == "__main__":
    write_documents(Path(__file__).resolve().parents[3])
